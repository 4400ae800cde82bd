import { assert } from "../base/assert.ts";
import { geometricMeanRatio, type RatioInterval } from "./geometric-mean.ts";
import { holm } from "./holm.ts";
import { logRank } from "./log-rank.ts";
import { mannWhitney } from "./mann-whitney.ts";
import { cpuDurations, runsToFind } from "./summary.ts";
import { restrictedMean } from "./survival.ts";
import type { Measured } from "./trial.ts";

/** The trials of one method on one mutant. A method is a strategy, or a peer. */
export interface Measurement {
  readonly mutant: string;
  readonly method: string;
  readonly results: readonly Measured[];
}

/** Two methods on one mutant. */
export interface Comparison {
  readonly mutant: string;
  readonly method: string;
  readonly reference: string;
  /** How many times the reference's mean of CPU time the method's is, both up to the horizon. */
  readonly ratio: number;
  /** Whether CPU times to find differ: p of the log-rank test, corrected for all comparisons together. */
  readonly cpuP: number;
  /** Whether runs to find differ: p of the Mann-Whitney test, corrected alike. */
  readonly runsP: number;
}

export interface MethodComparison {
  readonly comparisons: readonly Comparison[];
  /** By method: the geometric mean of its ratios. */
  readonly means: readonly { readonly method: string; readonly mean: RatioInterval }[];
}

/** Holds every method against one of them, on each mutant that both were tried on. */
export function compareMethods(
  measurements: readonly Measurement[],
  options: { readonly reference: string; readonly horizonSeconds: number },
): MethodComparison {
  const { reference, horizonSeconds } = options;
  const pairs = measurements
    .filter(({ method }) => method !== reference)
    .flatMap((other) => {
      const own = measurements.find(({ mutant, method }) => mutant === other.mutant && method === reference);
      return own === undefined ? [] : [{ own, other }];
    });
  const cpuPs = holm(pairs.map(({ own, other }) => logRank(cpuDurations(other.results), cpuDurations(own.results)).p));
  const runsPs = holm(pairs.map(({ own, other }) => mannWhitney(runsToFind(other.results), runsToFind(own.results)).p));
  const methods = [...new Set(pairs.map(({ other }) => other.method))];
  return {
    comparisons: pairs.map(({ own, other }, index) => ({
      mutant: other.mutant,
      method: other.method,
      reference,
      ratio: meanOf(other, horizonSeconds) / meanOf(own, horizonSeconds),
      cpuP: cpuPs[index]!,
      runsP: runsPs[index]!,
    })),
    means: methods.map((method) => ({
      method,
      mean: geometricMeanRatio(
        pairs
          .filter(({ other }) => other.method === method)
          .map(({ own, other }) => ({ baseline: cpuDurations(other.results), candidate: cpuDurations(own.results) })),
        { horizon: horizonSeconds, seed: bootstrapSeed },
      ),
    })),
  };
}

/** For each mutant, of several methods the one that finds it with the least CPU time, by its mean up to the horizon. */
export function bestOf(measurements: readonly Measurement[], horizonSeconds: number): Measurement[] {
  const best = new Map<string, Measurement>();
  for (const each of measurements) {
    const before = best.get(each.mutant);
    if (before === undefined || meanOf(each, horizonSeconds) < meanOf(before, horizonSeconds)) {
      best.set(each.mutant, each);
    }
  }
  return [...best.values()];
}

function meanOf({ results }: Measurement, horizonSeconds: number): number {
  const mean = restrictedMean(cpuDurations(results), horizonSeconds);
  assert(mean >= 0, "time does not run backwards");
  return Math.max(mean, smallestSeconds);
}

/** What a clock of CPU time can tell. */
const smallestSeconds = 1e-6;
const bootstrapSeed = 1;
