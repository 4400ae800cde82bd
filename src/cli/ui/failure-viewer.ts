import { noPaint } from "../../report/paint.ts";
import { tellStory } from "../../report/story.ts";
import { viewerPage } from "../../report/viewer/viewer-page.ts";
import type { Catalogue } from "../catalogue.ts";
import { ownVersion } from "../own-package.ts";
import { replayRepro, scenarioOfRepro } from "../replay-repro.ts";
import type { Repro } from "../repro-file.ts";
import type { FoundFailure } from "./campaign-reader.ts";

/** @returns undefined where the run left no case */
export function reproOf({ target, recorded }: FoundFailure): Repro | undefined {
  const { failure, case: input } = recorded;
  if (input === undefined) return undefined;
  const mutant = mutantOf(target.variant);
  return {
    stormlane: ownVersion(),
    format: 1,
    case: input,
    expected: { signature: failure.signature, invariant: failure.invariant, message: failure.message },
    foundBy: { seed: failure.seed, strategy: failure.strategy },
    ...(mutant === "" ? {} : { mutant }),
  };
}

/** A variant is a mutant, an epic's hash behind a `+`, or both. */
export function mutantOf(variant: string): string {
  return variant.split("+", 1)[0]!;
}

/**
 * Runs a failure's case again, by the code as it is now, and shows it.
 *
 * @param what names the failure in errors
 * @throws UsageError when the scenario or the mutant is gone, or does not take the workload any more
 */
export async function failureViewer(
  repro: Repro,
  {
    what,
    replayCommand,
    catalogue,
  }: { readonly what: string; readonly replayCommand: string; readonly catalogue: Catalogue },
): Promise<string> {
  const { outcome, result } = await replayRepro(scenarioOfRepro(repro, what, catalogue), repro);
  const { verdict, history } = outcome;
  const run = { events: history.events, case: outcome.realised() };
  const violation = verdict.kind === "violated" ? { violation: verdict.violation } : {};
  return viewerPage({
    ...run,
    ...violation,
    title: `${repro.case.scenario}: ${repro.expected.signature}`,
    version: ownVersion(),
    verdictText: result.text,
    replayCommand,
    story: tellStory({ ...run, ...violation, paint: noPaint }),
  });
}
