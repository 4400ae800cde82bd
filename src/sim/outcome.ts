import type { History } from "../history/history.ts";
import type { Violation } from "../invariants/invariant.ts";
import type { RunEnd } from "../kernel/kernel.ts";
import type { Case } from "./case.ts";

/** All results of a run. */
export interface Outcome {
  readonly verdict: Verdict;
  /** Every input that shaped the run, so that it replays: also what a strategy chose on the way. */
  readonly realised: () => Case;
  readonly history: History;
  readonly end: RunEnd;
  /** Names of the `sometimes` that happened. */
  readonly sometimes: readonly string[];
  /** How often each invariant had something to judge. */
  readonly checked: Readonly<Record<string, number>>;
  /** Faults and preemptions of the case that the run never came to. */
  readonly unused: readonly string[];
  /**
   * Whether a preemption of the case kept a step waiting until the run came to its end, for one that never came: no
   * system is to blame for what it did not do then.
   */
  readonly heldToTheEnd: boolean;
  readonly stats: RunStats;
}

export type Verdict =
  | { readonly kind: "held" }
  | { readonly kind: "violated"; readonly violation: Violation }
  /** A bound was reached before the end of the tail: says nothing about what must happen in the end. */
  | { readonly kind: "limit"; readonly limit: string; readonly value: number }
  /** Simulated code reached for the real world, or for an operation that has no stable name. */
  | { readonly kind: "nondeterminism"; readonly what: string; readonly site: string; readonly stack: string }
  /** The world was asked for what it does not model, or our own code failed. */
  | { readonly kind: "broken"; readonly error: Error };

export interface RunStats {
  /** External operations sent by processes and services. */
  readonly ops: number;
  readonly steps: number;
  readonly events: number;
  readonly virtualMs: number;
}

/** Names a failure so that the same one is known again: invariant and place. */
export function signatureOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case "held":
      return "held";
    case "violated":
      return `${verdict.violation.invariant}: ${verdict.violation.place}`;
    case "limit":
      return `limit: ${verdict.limit}`;
    case "nondeterminism":
      return `nondeterminism: ${verdict.what}`;
    case "broken":
      return `broken: ${verdict.error.message}`;
  }
}
