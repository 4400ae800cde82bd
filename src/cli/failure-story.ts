import type { Failure } from "../campaign/failure.ts";
import type { Explanation } from "../explain/explanation.ts";
import { explanationLines } from "../explain/explanation-lines.ts";
import type { Paint } from "../report/paint.ts";
import { plainLine } from "../report/plain-line.ts";
import { describeViolation, tellStory } from "../report/story.ts";
import type { Shrunk } from "../shrink/shrink-case.ts";
import type { Case } from "../sim/case.ts";
import type { Outcome } from "../sim/outcome.ts";
import { virtualTime } from "../report/virtual-time.ts";

export interface FailureStoryInput {
  readonly title: string;
  readonly failure: Failure;
  readonly input: Case;
  /** Of running the case. */
  readonly outcome: Outcome;
  readonly shrunk: Pick<Shrunk, "executions" | "minimal" | "actors"> | undefined;
  readonly explanation?: Explanation | undefined;
  readonly replayCommand: string;
  readonly paint: Paint;
}

/** A failure on one screen: what is broken, what was done to the run, what happened, and how to see it again. */
export function failureStory({
  title,
  failure,
  input,
  outcome,
  shrunk,
  explanation,
  replayCommand,
  paint,
}: FailureStoryInput): string[] {
  const { verdict } = outcome;
  const isViolation = verdict.kind === "violated";
  const broken = isViolation
    ? describeViolation(verdict.violation)
    : [`  broken    ${plainLine(failure.message, 600)}`];
  if (failure.kind === "nondeterminism" && isViolation) broken.push(`  note      ${plainLine(failure.message, 600)}`);
  return [
    paint.bad(plainLine(title, 240)),
    ...broken,
    `  run       ${outcome.stats.steps} steps, ${virtualTime(outcome.stats.virtualMs * 1000)} of virtual time${shrinkText(shrunk)}`,
    "",
    ...tellStory({
      events: outcome.history.events,
      case: input,
      ...(isViolation ? { violation: verdict.violation } : {}),
      paint,
    }),
    ...(explanation === undefined ? [] : ["", ...explanationLines(explanation, paint)]),
    "",
    `  replay: ${replayCommand}`,
  ];
}

function shrinkText(shrunk: FailureStoryInput["shrunk"]): string {
  if (shrunk === undefined) return "";
  const executions = `${shrunk.executions} executions`;
  const size = shrunk.minimal ? `minimal after ${executions}` : `made smaller in ${executions}, perhaps not minimal`;
  return `, ${shrunk.actors} process${shrunk.actors === 1 ? "" : "es"}; ${size}`;
}
