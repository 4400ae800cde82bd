import type { Answer, Trouble } from "../answer.ts";
import type { Failure } from "./run-record.ts";

/** Why a run ends before its agents are done. */
export type Stop =
  /** The world failed: try again later. `unknown` when an effect may still happen. */
  | { readonly kind: "transient"; readonly reason: string; readonly unknown: boolean }
  /** It will not heal by itself: the card shows it. */
  | { readonly kind: "failure"; readonly failure: Failure }
  /** Somebody else may act for the scope: touch nothing more. */
  | { readonly kind: "lost"; readonly reason: string }
  /** The card is gone. */
  | { readonly kind: "stale"; readonly reason: string };

/**
 * Ends a run from however deep. The parts below a run answer with values; inside a run every trouble has the same
 * consequence, so there it is thrown, and caught in one place: where runs are started.
 */
export class RunStop extends Error {
  override readonly name = "RunStop";
  readonly stop: Stop;

  constructor(stop: Stop) {
    super(stop.kind === "failure" ? stop.failure.why : stop.reason);
    this.stop = stop;
  }
}

/** The value of an answer, or the end of the run. `what` says what was tried, as `read the tags`. */
export function need<Value>(answer: Answer<Value>, what: string): Value {
  if (answer.kind === "ok") return answer.value;
  throw new RunStop(stopOf(answer, what));
}

export function stopOf(trouble: Trouble, what: string): Stop {
  if (trouble.kind === "refused") {
    return {
      kind: "failure",
      failure: {
        what: `could not ${what}`,
        why: trouble.reason,
        advice: "Correct this, then move the card back into this lane.",
      },
    };
  }
  return { kind: "transient", reason: `could not ${what}: ${trouble.reason}`, unknown: trouble.kind === "unknown" };
}

export function fail(what: string, why: string, advice: string): never {
  throw new RunStop({ kind: "failure", failure: { what, why, advice } });
}

export function tryLater(reason: string): never {
  throw new RunStop({ kind: "transient", reason, unknown: false });
}
