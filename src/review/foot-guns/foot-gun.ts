import type { HistoryEvent } from "../../history/event.ts";
import type { ReadRun } from "./calls.ts";

/** A habit that works until load or a bad day makes it dangerous. */
export interface FootGun {
  readonly kind: FootGunKind;
  readonly title: string;
  /** What does it, in words that do not depend on the schedule: as `poller board.getTask`. */
  readonly place: string;
  /** Of the runs that were looked at, those in which it showed. */
  readonly runs: number;
  /** The runs that show it best, the worst first; at most three. */
  readonly evidence: readonly FootGunEvidence[];
  /** The worst of them, in a whole sentence. */
  readonly worst: string;
  /** The smallest change that takes it away. */
  readonly leastFix: string;
}

export type FootGunKind =
  | "unbounded-loop"
  | "retry-without-backoff"
  | "re-reading"
  | "whole-file-reads"
  | "process-per-request"
  | "logging-in-loop"
  | "reads-one-by-one"
  | "growing-polls";

export interface FootGunEvidence {
  readonly scenario: string;
  readonly seed: number;
  /** Indexes in the history, ascending: the first few, and the last. */
  readonly events: readonly number[];
  /** How often it happened there. */
  readonly count: number;
}

/** One run to look at. */
export interface RecordedRun {
  readonly scenario: string;
  readonly seed: number;
  readonly events: readonly HistoryEvent[];
}

/** What a detector saw in one run. */
export interface Sighting {
  readonly place: string;
  readonly events: readonly number[];
  readonly count: number;
  /** A whole sentence. */
  readonly words: string;
}

/** Looks for one kind, in one history at a time. */
export interface Detector {
  readonly kind: FootGunKind;
  readonly title: string;
  readonly leastFix: string;
  look(run: ReadRun): readonly Sighting[];
}
