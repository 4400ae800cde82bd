import { readFileSync } from "node:fs";
import { Explorer, type StrategyName } from "../../../src/explore/explorer.ts";
import type { HistoryEvent } from "../../../src/history/event.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { packEvents, unpackEvents } from "../../../src/report/viewer/packed-events.ts";
import type { Case } from "../../../src/sim/case.ts";
import type { Outcome } from "../../../src/sim/outcome.ts";
import { runCaseNow } from "../../../src/sim/run-case.ts";
import { scenarioWith } from "../../../scenarios/index.ts";

/** What happens in a scenario that ships, as a seed of a strategy has it. */
export function recordedEvents(name: string, strategy: StrategyName, seed: number): Promise<readonly HistoryEvent[]> {
  const scenario = scenarioWith(name, {});
  return inMacrotask(() => {
    const plan = new Explorer(scenario, strategy, runCaseNow).plan(seed);
    return runCaseNow(scenario, plan.case, plan.exploration).history.events;
  });
}

/** A kept counterexample, and the same without what struck it. */
export function keptRuns(name: string): Promise<{ readonly failing: Outcome; readonly holding: Outcome }> {
  const file = new URL(`../../../reports/corpus/${name}.json`, import.meta.url);
  const { case: input, mutant } = JSON.parse(readFileSync(file, "utf8")) as { case: Case; mutant: string };
  const scenario = scenarioWith(input.scenario, { mutant });
  return inMacrotask(() => ({
    failing: runCaseNow(scenario, input),
    holding: runCaseNow(scenario, { ...input, faults: [], preemptions: [], delays: [] }),
  }));
}

/** Events as the page has them: as plain data. */
export function asOnPage(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  return unpackEvents(packEvents(events));
}
