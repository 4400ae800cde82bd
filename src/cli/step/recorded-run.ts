import type { HistoryEvent } from "../../history/event.ts";
import type { Violation } from "../../invariants/invariant.ts";
import { CardNames } from "../../report/card-names.ts";
import { actorOf, describeEvent } from "../../report/event-words.ts";
import { plainLine } from "../../report/plain-line.ts";
import { clockTime } from "../../report/virtual-time.ts";

/** A run that is over, as somebody walks it: every event in words, and which of them matter most. */
export interface RecordedRun {
  /** Which run it is, on one line. */
  readonly title: string;
  readonly events: readonly HistoryEvent[];
  /** In order of the events. At least one. */
  readonly steps: readonly Step[];
  /** Numbers of events: faults, and what broke the rule. Ascending. */
  readonly marked: readonly number[];
}

/** One event in words. All text is on one line, and safe on a terminal. */
export interface Step {
  /** Virtual time since the start, right-aligned. */
  readonly clock: string;
  readonly actor: string;
  readonly words: string;
  /** The site of its operation, or nothing. */
  readonly site: string;
  readonly mark: "fault" | "violation" | undefined;
  /** Why the rule is broken, where it is. */
  readonly why: string;
}

/** @param events at least one */
export function recordRun(title: string, events: readonly HistoryEvent[], violation?: Violation): RecordedRun {
  const cards = new CardNames(events);
  const clockWidth = clockTime(events.at(-1)?.atUs ?? 0).length;
  // What must have happened by the end shows at the end.
  const broken = violation === undefined ? -1 : Math.min(violation.eventIndex, events.length - 1);
  const steps = events.map((event, index): Step => {
    const isBroken = index === broken;
    return {
      clock: clockTime(event.atUs).padStart(clockWidth),
      actor: plainLine(actorOf(event), actorLengthMax),
      words: plainLine(describeEvent(event, cards), wordsLengthMax),
      site: plainLine(siteOf(event), wordsLengthMax),
      mark: isBroken ? "violation" : event.kind === "fault" ? "fault" : undefined,
      why: isBroken ? plainLine(`${violation!.invariant}: ${violation!.message}`, wordsLengthMax) : "",
    };
  });
  const marked = [...steps.keys()].filter((index) => steps[index]!.mark !== undefined);
  return { title: plainLine(title, wordsLengthMax), events, steps, marked };
}

function siteOf(event: HistoryEvent): string {
  if (event.kind === "fault") return event.site;
  const site = "op" in event ? (event.op?.site ?? "") : "";
  return event.kind === "effect" ? `${site} effect ${event.step}` : site;
}

const actorLengthMax = 20;
const wordsLengthMax = 1_000;
