import type { Footprint } from "../base/footprint.ts";
import type { EntryKind, FolderEntry } from "./files.ts";
import type { Change, Unmodelled } from "./service.ts";

/**
 * The other side of the subprocess port: an executable as a value. It runs from yield to yield; what lies between
 * two yields happens at once and alone, and it can be killed at each yield (nothing after it runs, not even `finally`).
 */
export interface Program {
  /** The name it has on PATH. */
  readonly name: string;
  /** Only SIGKILL ends it. */
  readonly ignoresSignals?: boolean;
  /** @returns the exit code, 0 to 255 */
  run(context: ProgramContext): Generator<ProgramStep, number, string | undefined>;
}

export type ProgramStep =
  /** Time passes, and what follows up to the next yield has this footprint. */
  | { readonly kind: "work"; readonly durationUs: number; readonly touches?: readonly Footprint[] }
  /** Waits for the end of standard input; resumed with all of it. */
  | { readonly kind: "input" }
  /**
   * The program exits; what follows is done by a child that it leaves in its process group. Its pipes stay open as
   * long as that child lives, when it holds them.
   */
  | { readonly kind: "leave"; readonly exitCode: number; readonly holdsPipes: boolean }
  /** Waits for ever. */
  | { readonly kind: "hang" };

export interface ProgramContext {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly pid: number;
  readonly files: HostFiles;
  /** The host's clock, milliseconds since the Unix epoch. */
  nowMs(): number;
  stdout(content: string | Uint8Array): void;
  stderr(content: string | Uint8Array): void;
  record(change: Change): void;
  draw(purpose: string, bound: number): number;
  unmodelled(what: Unmodelled): never;
}

/**
 * The host's disk as a program sees it, synchronously. Paths are absolute. Failures throw a `HostFileError`
 * (in the simulation; `code` is a `DiskErrorCode`).
 */
export interface HostFiles {
  readText(path: string): string;
  readBytes(path: string): Uint8Array;
  write(path: string, content: string | Uint8Array, mode?: "replace" | "createNew" | "append"): void;
  sync(path: string): void;
  rename(from: string, to: string): void;
  remove(path: string, options?: { readonly recursive?: boolean }): void;
  makeFolder(path: string): void;
  list(path: string): readonly FolderEntry[];
  /** Of the entry itself; null when absent. */
  stat(path: string): { readonly kind: EntryKind; readonly sizeBytes: number } | null;
  realPath(path: string): string;
  makeLink(target: string, path: string): void;
}
