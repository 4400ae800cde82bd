import type { PackedEvents } from "./packed-events.ts";

/** What the page of a viewer shows: plain JSON inside the file. */
export interface ViewerDocument {
  readonly title: string;
  readonly version: string;
  readonly scenario: string;
  readonly verdictText: string;
  readonly replayCommand: string;
  readonly violation: ViewerViolation | null;
  /** What was done to the run, in words, and at which site. */
  readonly forced: readonly { readonly text: string; readonly site: string }[];
  readonly story: readonly string[];
  readonly explanation: readonly string[];
  /** The events that bear on the failure, ascending. */
  readonly told: readonly number[];
  readonly run: PackedEvents;
  readonly neighbour: ViewerNeighbour | null;
}

export interface ViewerViolation {
  readonly invariant: string;
  readonly rule: string;
  readonly place: string;
  readonly message: string;
  /** Expected and actual, as a story tells them. */
  readonly difference: readonly string[];
  readonly atUs: number;
  /** The number of events where it showed at the end. */
  readonly eventIndex: number;
}

/** A run that holds, and what of the case is not in it. */
export interface ViewerNeighbour {
  readonly removed: string;
  readonly run: PackedEvents;
}
