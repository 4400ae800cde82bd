import { deterministicThreshold, wallClockThreshold, type Metric, type Threshold } from "./verdict.ts";

/**
 * Every threshold there is, in one place. What is not named here has the one of its kind. In nanoseconds: what an
 * operation may take at most, whatever it took before.
 */
const budgetsNs: Readonly<Record<string, number>> = {
  "spawn, simulated": 1_000_000,
  "ledger write": 30_000_000,
  "config parse": 10_000_000,
  "prompt template": 5_000_000,
};

export function thresholdOf(name: string, metric: Metric): Threshold {
  if (metric.isDeterministic) return deterministicThreshold;
  const budgetNs = budgetsNs[name];
  return budgetNs === undefined ? wallClockThreshold : { ...wallClockThreshold, failP95: budgetNs };
}
