import type { DegradedCondition } from "../../review/degraded/degraded-condition.ts";
import { measureDegraded } from "../../review/degraded/measure-degraded.ts";
import { withBudgets } from "../../limits/budgets/with-budgets.ts";
import { runCase } from "../../sim/run-case.ts";
import type { EvidenceOptions } from "./campaign-evidence.ts";

/** A condition lasts a minute, begins while there is work, and what comes of it shows only afterwards. */
const forMsMin = 240_000;

/** Of each scenario: each stands for a workload and a moment, and takes a run for each condition. */
const seedsEach = 2;

export function degradedEvidence({
  settings: { run },
  interrupted,
}: EvidenceOptions): Promise<readonly DegradedCondition[]> {
  const first = run.scenarios[0]?.seeds.first ?? 0;
  return measureDegraded({
    scenarios: run.scenarios.map(({ scenario }) => {
      const lasting = run.catalogue.scenarioLasting?.(scenario.name, forMsMin);
      return lasting === undefined ? scenario : withBudgets(lasting, run.budgets);
    }),
    seeds: Array.from({ length: seedsEach }, (_, index) => first + index),
    runCase,
    interrupted,
  });
}
