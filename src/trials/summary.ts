import { medianInterval, type MedianInterval } from "./order-statistics.ts";
import { restrictedMean, type Duration } from "./survival.ts";
import type { Measured } from "./trial.ts";

/** What the trials of one method came to. Infinity: more than the cap. */
export interface TrialSummary {
  readonly trials: number;
  readonly found: number;
  readonly runs: MedianInterval;
  readonly cpuSeconds: MedianInterval;
  /** Up to the horizon. */
  readonly meanCpuSeconds: number;
}

/** @param results at least one */
export function summarise(results: readonly Measured[], horizonSeconds: number): TrialSummary {
  return {
    trials: results.length,
    found: results.filter(({ isFound }) => isFound).length,
    runs: medianInterval(runsToFind(results)),
    cpuSeconds: medianInterval(results.map(({ isFound, cpuMs }) => (isFound ? cpuMs / 1_000 : Infinity))),
    meanCpuSeconds: restrictedMean(cpuDurations(results), horizonSeconds),
  };
}

export function runsToFind(results: readonly Measured[]): number[] {
  return results.map(({ isFound, runs }) => (isFound ? runs : Infinity));
}

/** In seconds. */
export function cpuDurations(results: readonly Measured[]): Duration[] {
  return results.map(({ isFound, cpuMs }) => ({ length: cpuMs / 1_000, isOver: isFound }));
}
