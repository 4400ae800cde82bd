import type { Failure } from "../campaign/failure.ts";
import type { Paint } from "../report/paint.ts";
import { plainLine } from "../report/plain-line.ts";
import { describeRule, describeWhy, storyWidth, tellStory } from "../report/story.ts";
import { virtualTime } from "../report/virtual-time.ts";
import { wrappedLines } from "../report/wrapped-lines.ts";
import type { Shrunk } from "../shrink/shrink-case.ts";
import type { Case } from "../sim/case.ts";
import type { Outcome } from "../sim/outcome.ts";

export interface FailureStoryInput {
  readonly title: string;
  /** Undefined of a run that is told because somebody asked, and may have held. */
  readonly failure: Pick<Failure, "kind" | "message"> | undefined;
  readonly input: Case;
  /** Of running the case. */
  readonly outcome: Outcome;
  readonly shrunk?: Pick<Shrunk, "executions" | "minimal" | "actors"> | undefined;
  /** What further runs tell of it, in lines. */
  readonly explanation?: readonly string[] | undefined;
  readonly replayCommand: string;
  /** Tells only what happened before this event. */
  readonly untilEvent?: number | undefined;
  readonly paint: Paint;
}

/**
 * A failure on one screen: the rule and the place, what was done to the run, what happened step by step, why that breaks
 * the rule, the nearest run that holds, and how to see it again.
 */
export function failureStory(input: FailureStoryInput): string[] {
  const { title, outcome, explanation = [], untilEvent, paint } = input;
  const { verdict, history } = outcome;
  const violation = verdict.kind === "violated" ? verdict.violation : undefined;
  const head = [
    ...wrappedLines("", plainLine(title, titleLengthMax), storyWidth).map(
      violation === undefined && input.failure === undefined ? paint.strong : paint.bad,
    ),
    ...(violation === undefined ? [] : describeRule(violation)),
    ...wrappedLines("  run    ", `${sizeText(outcome)}${shrinkText(input.shrunk)}`, storyWidth),
    "",
  ];
  const end = [...whyLines(input), ...explanation, "", `  replay: ${input.replayCommand}`];
  // Who asks for all that is known of it has asked for more than a screen.
  const endLines = end.length - Math.max(0, explanation.length - explanationLinesMax);
  return [
    ...head,
    ...tellStory({
      events: history.events,
      case: input.input,
      ...(violation === undefined ? {} : { violation }),
      ...(untilEvent === undefined ? {} : { untilEvent }),
      linesMax: screenLines - head.length - endLines,
      paint,
    }),
    ...end,
  ];
}

/** What is no violation has a message alone, and one whose case does not repeat itself has both. */
function whyLines({ failure, outcome: { verdict }, paint }: FailureStoryInput): string[] {
  const message = failure === undefined ? "" : plainLine(failure.message, messageLengthMax);
  if (verdict.kind === "violated") {
    const note = failure?.kind === "nondeterminism" ? wrappedLines("    note: ", message, storyWidth) : [];
    return ["", ...describeWhy(verdict.violation, paint), ...note];
  }
  if (message === "") return [];
  return ["", `  ${paint.strong("What is wrong")}`, ...wrappedLines("    ", message, storyWidth).map(paint.bad)];
}

function sizeText({ stats: { steps, virtualMs }, history: { events } }: Outcome): string {
  return `${steps} steps, ${events.length} events, ${virtualTime(virtualMs * 1000)} of virtual time`;
}

function shrinkText(shrunk: FailureStoryInput["shrunk"]): string {
  if (shrunk === undefined) return "";
  const executions = `${shrunk.executions} executions`;
  const size = shrunk.minimal ? `minimal after ${executions}` : `made smaller in ${executions}, perhaps not minimal`;
  return `, ${shrunk.actors} process${shrunk.actors === 1 ? "" : "es"}; ${size}`;
}

const screenLines = 40;
const explanationLinesMax = 3;
const titleLengthMax = 240;
const messageLengthMax = 600;
