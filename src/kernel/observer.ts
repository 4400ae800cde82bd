import type { Operation } from "./operation.ts";

/** What became of a process. `finish`: its main function returned. */
export type ProcessTurn = "start" | "finish" | "crash" | "kill" | "host-crash" | "pause" | "resume" | "clock-jump";

export type AnswerOutcome = "ok" | "fail" | "unknown";

/** Who keeps the record of a run. Called in order, at the moment it happens. */
export interface KernelObserver {
  process(name: string, incarnation: number, turn: ProcessTurn, reason: string): void;
  sent(operation: Operation): void;
  answered(operation: Operation, outcome: AnswerOutcome, detail: string): void;
}
