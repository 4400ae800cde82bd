import { noPaint } from "../../report/paint.ts";
import type { Catalogue } from "../catalogue.ts";
import { failureStory } from "../failure-story.ts";
import { ownVersion } from "../own-package.ts";
import { readBudgets } from "../project/budgets-schema.ts";
import { replayRepro, scenarioOfRepro } from "../replay-repro.ts";
import { replayViewer } from "../replay-viewer.ts";
import type { Repro } from "../repro-file.ts";
import type { FoundFailure } from "./campaign-reader.ts";

/** @returns undefined where the run left no case */
export function reproOf({ target, recorded }: FoundFailure): Repro | undefined {
  const { failure, case: input } = recorded;
  if (input === undefined) return undefined;
  const mutant = mutantOf(target.variant);
  const [, , budgets = ""] = target.variant.split("+");
  return {
    stormlane: ownVersion(),
    format: 1,
    case: input,
    expected: { signature: failure.signature, invariant: failure.invariant, message: failure.message },
    foundBy: { seed: failure.seed, strategy: failure.strategy },
    ...(mutant === "" ? {} : { mutant }),
    ...(budgets === "" ? {} : { budgets: readBudgets(budgets) }),
  };
}

/** A variant is a mutant, an epic's hash behind a `+`, budgets behind another, or some of them. */
export function mutantOf(variant: string): string {
  return variant.split("+", 1)[0]!;
}

export interface FailureViewerInput {
  readonly found: FoundFailure;
  readonly repro: Repro;
  readonly replayCommand: string;
  readonly catalogue: Catalogue;
}

/**
 * Runs a failure's case again, by the code as it is now, and shows it.
 *
 * @throws UsageError when the scenario or the mutant is gone, or does not take the workload any more
 */
export async function failureViewer({ found, repro, replayCommand, catalogue }: FailureViewerInput): Promise<string> {
  const { failure } = found.recorded;
  const scenario = scenarioOfRepro(repro, found.id, catalogue);
  const { outcome, result } = await replayRepro(scenario, repro);
  const story = failureStory({
    title: `${scenario.name}: ${failure.signature}`,
    failure: outcome.verdict.kind === "held" ? undefined : failure,
    input: repro.case,
    outcome,
    replayCommand,
    paint: noPaint,
  });
  return replayViewer({ scenario, repro, outcome, result, replayCommand, story });
}
