import type { DegradedCondition } from "../../review/degraded/degraded-condition.ts";
import { measureDegraded } from "../../review/degraded/measure-degraded.ts";
import { runCase } from "../../sim/run-case.ts";
import type { EvidenceOptions } from "./campaign-evidence.ts";

/** Of each scenario: each stands for a workload and a moment, and takes a run for each condition. */
const seedsEach = 2;

export function degradedEvidence({
  settings: { run },
  interrupted,
}: EvidenceOptions): Promise<readonly DegradedCondition[]> {
  const first = run.scenarios[0]?.seeds.first ?? 0;
  return measureDegraded({
    scenarios: run.scenarios.map(({ scenario }) => scenario),
    seeds: Array.from({ length: seedsEach }, (_, index) => first + index),
    runCase,
    interrupted,
  });
}
