import { timeResource, type Touched } from "./touched.ts";

/** A step that waited in some schedule. */
export interface PendingStep {
  /** Stable over schedules, and unique among what is pending at one moment. */
  readonly name: string;
  /** Index of the step that scheduled it; -1 when it was there from the start. */
  readonly creator: number;
  readonly dueUs: number;
  /** No step may move time past this while it is pending. */
  readonly latestUs: number;
}

/** One step of a schedule as it happened, with all that came of it up to the next step. */
export interface ExecutedStep extends PendingStep {
  /** Virtual time of it. */
  readonly atUs: number;
  readonly touched: Touched;
  /** Names of the steps that might have come here, itself among them: first due first. */
  readonly candidates: readonly string[];
  /** Steps that it took back. The last one of a run takes back all that is left pending. */
  readonly cancelled: readonly PendingStep[];
}

export function movesTime({ touched }: ExecutedStep): boolean {
  return touched.resources.get(timeResource) === true;
}

/** How a schedule ended, in the words of whoever ran it. */
export interface RunEnding {
  /** All that a schedule can make of the run, without what may differ (ids, times): equal for equivalent schedules. */
  readonly outcome: string;
  /** `cut`: a bound was reached, so that nothing is known of what would have come. */
  readonly verdict: "held" | "violated" | "cut";
}
