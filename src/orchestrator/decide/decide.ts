import type { LaneProgram } from "./lanes.ts";
import type { RunRecord } from "../runs/run-record.ts";

/** What a card in a lane, with the record of its cause, asks for now. */
export type Decision =
  | { readonly kind: "run"; readonly attempt: number }
  /** The attempts are used up, or the failure stands already: show it on the card, and run no agent. */
  | { readonly kind: "report"; readonly attempt: number }
  | { readonly kind: "wait"; readonly untilMs: number }
  | { readonly kind: "acknowledged" }
  | { readonly kind: "ignore"; readonly reason: string };

export interface Facts {
  readonly program: LaneProgram | undefined;
  /** undefined when nothing was begun for this cause. */
  readonly record: RunRecord | undefined;
  readonly nowMs: number;
  readonly attemptsMax: number;
  /** A wait longer than this can only come from a clock that was wrong. */
  readonly waitMsMax: number;
  /** What an open record with attempts means. */
  readonly recovery: (record: RunRecord) => "resume" | "leave";
}

export function decide(facts: Facts): Decision {
  const { record, nowMs } = facts;
  if (facts.program === undefined) return { kind: "ignore", reason: "people work in this lane" };
  if (record === undefined) return { kind: "run", attempt: 1 };
  if (record.status !== "open") return { kind: "acknowledged" };
  const waitMs = record.notBeforeMs - nowMs;
  if (waitMs > 0 && waitMs <= facts.waitMsMax) return { kind: "wait", untilMs: record.notBeforeMs };
  if (record.attempts > 0 && facts.recovery(record) === "leave") return { kind: "ignore", reason: "left to its owner" };
  const attempt = record.attempts + 1;
  if (record.failure !== undefined || attempt > facts.attemptsMax) return { kind: "report", attempt };
  return { kind: "run", attempt };
}
