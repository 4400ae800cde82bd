import { unreachable } from "../base/assert.ts";
import { fullExplanationLines } from "../explain/explanation-lines.ts";
import type { Explanation } from "../explain/explanation.ts";
import type { Paint } from "../report/paint.ts";
import type { Outcome } from "../sim/outcome.ts";
import type { Scenario } from "../sim/scenario.ts";
import { failureStory, type FailureStoryInput } from "./failure-story.ts";
import { quoted, replayCommand, type CommandPlace } from "./own-package.ts";
import type { Repro } from "./repro-file.ts";

export interface ReplayStoryInput {
  /** As the user named it. */
  readonly target: string;
  readonly isFile: boolean;
  readonly host: CommandPlace;
  /** With which a seed was searched for. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly scenario: Scenario;
  readonly repro: Repro;
  readonly outcome: Outcome;
  readonly untilEvent: number | undefined;
  readonly explanation: Explanation | undefined;
  readonly paint: Paint;
}

/** What `replay` prints of a run: the same story as where it was found, with all that an explanation has. */
export function replayStory(input: ReplayStoryInput): string[] {
  const { target, scenario, outcome, untilEvent, explanation, paint } = input;
  return failureStory({
    title: `replay of ${target}: ${scenario.name}, ${originText(input.repro)}`,
    failure: failureOf(outcome),
    input: outcome.realised(),
    outcome,
    explanation: explanation === undefined ? [] : ["", ...fullExplanationLines(explanation, paint)],
    replayCommand: commandOf(input),
    untilEvent,
    paint,
  });
}

function failureOf({ verdict }: Outcome): FailureStoryInput["failure"] {
  switch (verdict.kind) {
    case "nondeterminism":
      return { kind: "nondeterminism", message: `${verdict.what}, at ${verdict.site}` };
    case "broken":
      return { kind: "broken", message: verdict.error.message };
    case "held":
    case "violated":
    case "limit":
      return undefined;
    default:
      return unreachable(verdict);
  }
}

function originText({ foundBy: { seed, strategy }, mutant }: Repro): string {
  return `found by seed ${seed}${strategy === "" ? "" : ` (${strategy})`}${mutant === undefined ? "" : `, mutant ${mutant}`}`;
}

/** A seed alone stands for a case of its strategy, in the system and for the epic that it ran with. */
export function commandOf({
  target,
  isFile,
  host,
  flags,
}: Pick<ReplayStoryInput, "target" | "isFile" | "host" | "flags">): string {
  const command = replayCommand(host, target, isFile);
  if (isFile) return command;
  const told = ["strategy", "mutant", "epic", "budget"].flatMap((name) => {
    const value = flags[name];
    const isDefault = name === "strategy" && value === "portfolio";
    return typeof value !== "string" || isDefault ? [] : [` --${name} ${quoted(value)}`];
  });
  return `${command}${told.join("")}`;
}
