import type { HistoryEvent } from "../history/event.ts";
import type { Violation } from "../invariants/invariant.ts";
import type { Case } from "../sim/case.ts";
import { CardNames } from "./card-names.ts";
import { differenceLines } from "./difference.ts";
import { actorOf, describeEvent } from "./event-words.ts";
import { describeForced } from "./forced-words.ts";
import { noPaint, type Paint } from "./paint.ts";
import { plainLine } from "./plain-line.ts";
import { relevantEvents } from "./relevant-events.ts";
import { clockTime, virtualTime } from "./virtual-time.ts";
import { wrappedLines } from "./wrapped-lines.ts";

/** What is told: a run, and what was wrong with it. */
export interface StoryInput {
  readonly events: readonly HistoryEvent[];
  readonly case: Case;
  /** Absent when the run held, or ended for another reason than an invariant. */
  readonly violation?: Violation;
  /** Tells only what happened before this event. */
  readonly untilEvent?: number;
  /** Of the whole story; some more where little is left for what happened. */
  readonly linesMax?: number;
  readonly paint?: Paint;
}

/**
 * Tells a run as a story: what was done to it, what happened, and where it went wrong. The number of a step is the
 * number of its event in the history; what does not bear on the failure is left out, and counted.
 */
export function tellStory(input: StoryInput): string[] {
  const forced = describeCase(input.case, input.paint);
  const framing = 3;
  const linesMax = Math.max(stepsMin, (input.linesMax ?? storyLinesMax) - forced.length - framing);
  return [...forced, "", ...tellEvents(input, linesMax)];
}

/** What the case does beyond the default schedule: in words, and the sites below them. */
function describeCase(input: Case, paint: Paint = noPaint): string[] {
  const { faults, preemptions, delays } = input;
  if (faults.length + preemptions.length + delays.length === 0) {
    return ["  Nothing was forced: no fault, and the default schedule."];
  }
  const count = `${plural(faults.length, "fault")}, ${plural(preemptions.length, "preemption")}, ${plural(delays.length, "delay")}`;
  const forced = describeForced(input);
  const told = forced.slice(0, forcedMax);
  const lines = told.flatMap(({ text, site }) => [
    ...(forced.length > wrappedMax ? [storyLine(`    ${text}`)] : linesOf("    ", text)),
    ...(forced.length > sitesMax ? [] : linesOf("      at ", site).map(paint.faint)),
  ]);
  if (told.length < forced.length) lines.push(`    … and ${forced.length - told.length} more`);
  return [`  ${paint.strong("What was done to it")}: ${count}`, ...lines];
}

function linesOf(first: string, text: string): string[] {
  return wrappedLines(first, plainLine(text, textLengthMax), storyWidth);
}

function tellEvents(input: StoryInput, linesMax: number): string[] {
  const paint = input.paint ?? noPaint;
  const events = input.untilEvent === undefined ? input.events : input.events.slice(0, input.untilEvent + 1);
  const { violation } = input;
  const breaks = violation !== undefined && violation.eventIndex < events.length ? violation.eventIndex : undefined;
  const told = relevantEvents({ ...input, events, linesMax });
  const cards = new CardNames(events);
  const actorWidth = Math.min(actorWidthMax, Math.max(0, ...told.map((index) => actorOf(events[index]!).length)));
  const clockWidth = clockTime(violation?.atUs ?? events.at(-1)?.atUs ?? 0).length;
  const clock = (atUs: number): string => clockTime(atUs).padStart(clockWidth);
  const leftOut = events.length - told.length;
  const lines = told.map((index) => {
    const event = events[index]!;
    const mark = index === breaks ? ">" : " ";
    const actor = plainLine(actorOf(event), actorWidthMax).padEnd(actorWidth);
    const line = storyLine(
      `  ${mark} ${String(index).padStart(4)}  ${clock(event.atUs)}  ${actor}  ${describeEvent(event, cards)}`,
    );
    if (index === breaks) return paint.bad(line);
    return event.kind === "fault" ? paint.strong(line) : line;
  });
  const title = `  ${paint.strong("What happened")} (numbers are events; ${leftOut} of ${events.length} left out)`;
  if (violation === undefined || input.untilEvent !== undefined) return [title, ...lines];
  const end =
    breaks === undefined
      ? [paint.bad(`  >  end  ${clock(violation.atUs)}  the run ends, and the rule is not kept`)]
      : [];
  return [title, ...lines, ...end];
}

/** Which rule is broken, and where. */
export function describeRule({ invariant, rule, place }: Violation): string[] {
  return [...linesOf("  rule   ", `${invariant}: ${rule}`), ...linesOf("  place  ", place)];
}

/** Why the rule is broken: a sentence, and what was expected beside what was found. */
export function describeWhy({ message, expected, actual }: Violation, paint: Paint = noPaint): string[] {
  const difference = differenceLines(expected, actual, differenceLinesMax);
  return [
    `  ${paint.strong("Why the rule is broken")}`,
    ...linesOf("    ", message).map(paint.bad),
    ...difference.map((line) => storyLine(`    ${line}`)),
  ];
}

/** Every event on a line of its own, for `--trace`. */
export function traceLines(events: readonly HistoryEvent[]): string[] {
  const cards = new CardNames(events);
  return events.map((event, index) => {
    const step = event.kind === "effect" ? ` effect ${event.step}` : "";
    const at = event.kind === "fault" ? event.site : "op" in event ? event.op?.site : undefined;
    const site = at === undefined ? "" : `  [${at}${step}]`;
    return plainLine(
      `${String(index).padStart(6)}  ${virtualTime(event.atUs).padStart(11)}  ${event.kind.padEnd(8)}  ${actorOf(event)}  ${describeEvent(event, cards)}${site}`,
      2_000,
    );
  });
}

/** One line of a story: no wider than a screen, whatever its text holds. */
export function storyLine(text: string): string {
  return plainLine(text, storyWidth);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export const storyWidth = 120;
/** With rule, place and why it failed around it, a screen. */
const storyLinesMax = 28;
const stepsMin = 5;
const forcedMax = 6;
/** Of more, the words alone are told, and those on one line each. */
const sitesMax = 3;
const wrappedMax = 2;
const differenceLinesMax = 4;
const actorWidthMax = 16;
/** Two lines of a story. */
const textLengthMax = 210;
