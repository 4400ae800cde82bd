import type { CallLabel } from "./ports.ts";
import type { Result } from "./result.ts";

/** Programs of the host. No shell is ever involved. */
export interface SubprocessPort {
  /** Starts a program as leader of a process group of its own. `ok` means that it runs. */
  spawn(request: SpawnRequest): Promise<Result<ChildProcess>>;
  /**
   * Signals a process group by its leader's pid, also one that an earlier life of this process started.
   * `fail` with ESRCH when nobody is left in it.
   */
  killGroup(pid: number, signal: Signal, options?: CallLabel): Promise<Result<void>>;
}

export interface SpawnRequest extends CallLabel {
  /** A name looked up on PATH, or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited but PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ChildProcess {
  readonly pid: number;
  /** The next piece of output in order of arrival, or null when both pipes have closed. One call at a time. */
  read(): Promise<OutputChunk | null>;
  /** `fail` with EPIPE when the program has closed its standard input. */
  write(content: string | Uint8Array): Promise<Result<void>>;
  /** Ends standard input. Without it a program that reads its input waits for ever. */
  closeInput(): void;
  /** Gives up both pipes: what was not read is lost, and so is what somebody who holds them writes later. */
  closeOutput(): void;
  /** Settles when the program itself ends; a grandchild may still hold the pipes. */
  readonly exited: Promise<ExitStatus>;
  kill(signal: Signal): void;
  /** Signals the program and all its descendants that did not leave the group. */
  killGroup(signal: Signal): void;
}

export interface OutputChunk {
  readonly stream: "stdout" | "stderr";
  readonly bytes: Uint8Array;
}

export type ExitStatus =
  | { readonly kind: "code"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: Signal };

export type Signal = "SIGTERM" | "SIGKILL" | "SIGINT" | "SIGHUP";
