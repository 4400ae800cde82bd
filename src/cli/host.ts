import type { Terminal } from "./live/terminal.ts";

/** What a command reaches of the process it runs in. */
export interface Host {
  readonly cwd: string;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Somebody looks at a terminal: colours on standard output, a line that redraws on standard error. */
  readonly outIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
  /** Absent where nobody looks at one. */
  readonly terminal?: Terminal | undefined;
  /** From now on an interruption is a request to stop: the signal is aborted. A second one ends the process. */
  readonly takeInterruptions: () => AbortSignal;
  /** Where scenarios come from. */
  readonly catalogueUrl: URL;
}
