import type { Case } from "../sim/case.ts";
import type { Outcome } from "../sim/outcome.ts";

/** One failing run, as plain data: it crosses threads and stands in reports. */
export interface Failure {
  readonly kind: FailureKind;
  /** Names the failure so that the same one is known again. */
  readonly signature: string;
  readonly seed: number;
  readonly strategy: string;
  /** The invariant, or the kind of failure where none is involved. */
  readonly invariant: string;
  readonly message: string;
  /** What replays it. Absent when the run never came back, or its seed failed again in this chunk. */
  readonly case?: Case;
  readonly steps: number;
}

/**
 * `livelock`: simulated code that never gives the turn back. `died`: the worker that ran it ended. Both leave a seed
 * and no history.
 */
export type FailureKind = "violated" | "nondeterminism" | "broken" | "livelock" | "died";

export interface RunIdentity {
  readonly seed: number;
  readonly strategy: string;
}

/** @returns undefined when the run held or came to a limit */
export function failureOf(
  outcome: Outcome,
  run: RunIdentity,
  signatureOf: (verdict: Outcome["verdict"]) => string,
): Failure | undefined {
  const { verdict } = outcome;
  const common = { signature: signatureOf(verdict), ...run, steps: outcome.stats.steps };
  switch (verdict.kind) {
    case "held":
    case "limit":
      return undefined;
    case "violated":
      return {
        kind: "violated",
        ...common,
        invariant: verdict.violation.invariant,
        message: verdict.violation.message,
        case: plainCase(outcome),
      };
    case "nondeterminism":
      return {
        kind: "nondeterminism",
        ...common,
        invariant: "nondeterminism",
        message: `${verdict.what} at ${verdict.site}`,
        case: plainCase(outcome),
      };
    case "broken":
      return {
        kind: "broken",
        ...common,
        invariant: "broken",
        message: verdict.error.message,
        case: plainCase(outcome),
      };
  }
}

/** The run's case without anything that a JSON file would not keep. */
function plainCase(outcome: Outcome): Case {
  return JSON.parse(JSON.stringify(outcome.realised())) as Case;
}
