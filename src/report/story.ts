import { canonicalJson } from "../base/json.ts";
import type { HistoryEvent } from "../history/event.ts";
import type { Violation } from "../invariants/invariant.ts";
import type { Case } from "../sim/case.ts";
import { CardNames } from "./card-names.ts";
import { actorOf, describeEvent } from "./event-words.ts";
import { describeFault } from "./fault-words.ts";
import { noPaint, type Paint } from "./paint.ts";
import { plainLine } from "./plain-line.ts";
import { relevantEvents } from "./relevant-events.ts";
import { virtualTime } from "./virtual-time.ts";

/** What is told: a run, and what was wrong with it. */
export interface StoryInput {
  readonly events: readonly HistoryEvent[];
  readonly case: Case;
  /** Absent when the run held, or ended for another reason than an invariant. */
  readonly violation?: Violation;
  /** Tells only what happened before this event. */
  readonly untilEvent?: number;
  readonly linesMax?: number;
  readonly paint?: Paint;
}

/**
 * Tells a run as a story: what was done to it, what happened, and where it went wrong. The number of a line is the
 * number of its event in the history; what does not bear on the failure is left out, and counted.
 */
export function tellStory(input: StoryInput): string[] {
  return [...describeCase(input.case, input.paint), "", ...tellEvents(input)];
}

/** What the case does beyond the default schedule. */
export function describeCase(input: Case, paint: Paint = noPaint): string[] {
  const { faults, preemptions, delays } = input;
  if (faults.length + preemptions.length + delays.length === 0) {
    return ["  Nothing was forced: no fault, and the default schedule."];
  }
  const count = `${plural(faults.length, "fault")}, ${plural(preemptions.length, "preemption")}, ${plural(delays.length, "delay")}`;
  return [
    `  ${paint.strong("What was done to it")}: ${count}`,
    ...capped(
      faults.map(({ site, kind, ...params }) => `    fault ${kind}: ${describeFault(kind, params)}, at ${site}`),
    ),
    ...capped(
      preemptions.map(
        ({ site, step, until }) =>
          `    preemption: ${stepText(site, step)} waits for ${stepText(until.site, until.step)}`,
      ),
    ),
    ...capped(
      delays.map(({ site, step, extraUs }) => `    delay: ${stepText(site, step)} is ${extraUs / 1000} ms late`),
    ),
  ].map((line) => plainLine(line, lineLengthMax));
}

function tellEvents(input: StoryInput): string[] {
  const paint = input.paint ?? noPaint;
  const events = input.untilEvent === undefined ? input.events : input.events.slice(0, input.untilEvent + 1);
  const { violation } = input;
  const breaks = violation !== undefined && violation.eventIndex < events.length ? violation.eventIndex : undefined;
  const told = relevantEvents({ ...input, events, linesMax: input.linesMax ?? storyLinesMax });
  const cards = new CardNames(events);
  const actorWidth = Math.min(24, Math.max(0, ...told.map((index) => actorOf(events[index]!).length)));
  const leftOut = events.length - told.length;
  const lines = told.map((index) => {
    const event = events[index]!;
    const mark = index === breaks ? ">" : " ";
    const actor = plainLine(actorOf(event), 24).padEnd(actorWidth);
    const line = `  ${mark} ${String(index).padStart(4)}  ${virtualTime(event.atUs).padStart(11)}  ${actor}  ${describeEvent(event, cards)}`;
    const plain = plainLine(line, lineLengthMax);
    if (index === breaks) return paint.bad(plain);
    return event.kind === "fault" ? paint.strong(plain) : plain;
  });
  const title = `  ${paint.strong("What happened")} (numbers are events; ${leftOut} of ${events.length} left out)`;
  if (violation === undefined || input.untilEvent !== undefined) return [title, ...lines];
  const end =
    breaks === undefined
      ? [paint.bad(`  >   end  ${virtualTime(violation.atUs).padStart(11)}  the rule is not kept`)]
      : [];
  return [title, ...lines, ...end];
}

/** The failure itself: rule, place, what is wrong, expected and actual. */
export function describeViolation(violation: Violation): string[] {
  const lines = [`  rule      ${violation.rule}`, `  place     ${violation.place}`, `  broken    ${violation.message}`];
  if (violation.expected !== undefined) lines.push(`  expected  ${canonicalJson(violation.expected)}`);
  if (violation.actual !== undefined) lines.push(`  actual    ${canonicalJson(violation.actual)}`);
  return lines.map((line) => plainLine(line, 600));
}

/** Every event on a line of its own, for `--trace`. */
export function traceLines(events: readonly HistoryEvent[]): string[] {
  const cards = new CardNames(events);
  return events.map((event, index) => {
    const step = event.kind === "effect" ? ` effect ${event.step}` : "";
    const site = "op" in event && event.op !== undefined ? `  [${event.op.site}${step}]` : "";
    return plainLine(
      `${String(index).padStart(6)}  ${virtualTime(event.atUs).padStart(11)}  ${event.kind.padEnd(8)}  ${actorOf(event)}  ${describeEvent(event, cards)}${site}`,
      2_000,
    );
  });
}

function stepText(site: string, step: number): string {
  return step === 0 ? site : `${site} step ${step}`;
}

function capped(lines: readonly string[]): string[] {
  return lines.length <= forcedLinesMax
    ? [...lines]
    : [...lines.slice(0, forcedLinesMax), `    … and ${lines.length - forcedLinesMax} more`];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** With what was done and why it failed around it, a screen. */
const storyLinesMax = 24;
const forcedLinesMax = 8;
const lineLengthMax = 240;
