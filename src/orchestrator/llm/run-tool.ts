import type { Ports } from "../../ports/ports.ts";
import type { Answer } from "../answer.ts";

/** Told the pid of a program before anybody waits, and again when nothing of it is left. `false` ends it at once. */
export type OnLife = (pid: number, what: "started" | "ended") => Promise<boolean>;

/** Runs a command line tool to its end; handed in, because how programs are run is not the business of this folder. */
export type RunTool = (ports: Ports, call: ToolCall) => Promise<Answer<ToolOutcome>>;

export interface ToolCall {
  readonly name: string;
  readonly key: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
  readonly timeLimitMs: number;
  readonly signal: AbortSignal;
  readonly onLife?: OnLife;
}

export interface ToolOutcome {
  readonly end:
    | { readonly kind: "code"; readonly code: number }
    | { readonly kind: "signal"; readonly signal: string }
    | { readonly kind: "timedOut" }
    | { readonly kind: "aborted" };
  readonly stdout: string;
  readonly stderr: string;
  /** Output was longer than what is kept. */
  readonly truncated: boolean;
}
