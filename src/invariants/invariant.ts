import type { JsonValue } from "../base/json.ts";
import type { WorldChange } from "../history/changes.ts";
import type { HistoryEvent } from "../history/event.ts";

/**
 * What must never happen (safety), or must have happened once faults have stopped (liveness).
 * It reads the history and nothing else, as it grows.
 */
export interface Invariant {
  /** As `I1`. */
  readonly id: string;
  /** One plain sentence, as it stands in a report. */
  readonly rule: string;
  /** A judge for one run. */
  start(report: (finding: Finding) => void): Judge;
}

export interface Judge {
  /** The kinds of events it wants to see. */
  readonly kinds: readonly HistoryEvent["kind"][];
  /** Of the changes, those of these stores; all of them unless given. */
  readonly stores?: readonly WorldChange["store"][];
  observe(event: HistoryEvent, index: number): void;
  /** After the last event of a run that came to its regular end. */
  finish?(end: EndOfRun): void;
  /** How many times it had something to judge: 0 means that the run says nothing about it. */
  checked(): number;
}

export interface EndOfRun {
  readonly atUs: number;
}

/** What a judge found wrong. */
export interface Finding {
  /** Where, in words that do not depend on the schedule: the same failure has the same place. */
  readonly place: string;
  /** What happened, in a whole sentence. */
  readonly message: string;
  readonly expected?: JsonValue;
  readonly actual?: JsonValue;
}

export interface Violation extends Finding {
  readonly invariant: string;
  readonly rule: string;
  readonly atUs: number;
  /** Index in the history of the event at which it showed; its length when it showed at the end. */
  readonly eventIndex: number;
}

/** What must happen in at least one run of a campaign. If it never does, the campaign proves less than it says. */
export interface Sometimes {
  readonly name: string;
  start(hit: () => void): Pick<Judge, "kinds" | "stores" | "observe">;
}
