import type { Footprint } from "../base/footprint.ts";
import type { EntryKind, FolderEntry } from "./files.ts";
import type { Change, Unmodelled } from "./service.ts";
import type { Signal } from "./subprocess.ts";

/**
 * The other side of the subprocess port: an executable as a value. It runs from yield to yield; what lies between
 * two yields happens at once and alone, and it can be killed at each yield (nothing after it runs, not even `finally`).
 */
export interface Program {
  /** The name it has on PATH. */
  readonly name: string;
  /** Only SIGKILL ends it. */
  readonly ignoresSignals?: boolean;
  /** What it does on a signal other than SIGKILL; one that is absent ends it by that signal. */
  readonly signals?: Readonly<Partial<Record<Signal, SignalResponse>>>;
  /** @returns the exit code, 0 to 255 */
  run(context: ProgramContext): Generator<ProgramStep, number, string | undefined>;
}

export type SignalResponse =
  | { readonly kind: "ignore" }
  /** A handler that says a last word and exits. */
  | { readonly kind: "exit"; readonly exitCode: number; readonly stdout?: string; readonly stderr?: string };

export type ProgramStep =
  /** Time passes, and what follows up to the next yield has this footprint. */
  | { readonly kind: "work"; readonly durationUs: number; readonly touches?: readonly Footprint[] }
  /** Waits for the end of standard input; resumed with all of it. */
  | { readonly kind: "input" }
  /** Waits for a line of standard input; resumed with it, without its end of line, or with undefined at the end. */
  | { readonly kind: "inputLine" }
  /** Closes its standard input: whoever writes to it learns EPIPE. */
  | { readonly kind: "closeInput" }
  /**
   * The program exits; what follows is done by a child that it leaves in its process group. Its pipes stay open as
   * long as that child lives, when it holds them.
   */
  | { readonly kind: "leave"; readonly exitCode: number; readonly holdsPipes: boolean }
  /** Waits for ever. */
  | { readonly kind: "hang" }
  /** Ends by a signal that it did not get from its parent, as when the machine runs out of memory. */
  | { readonly kind: "die"; readonly signal: Signal };

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
