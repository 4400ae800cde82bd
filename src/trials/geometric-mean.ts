import { assert } from "../base/assert.ts";
import { RandomStream } from "./random-stream.ts";
import { restrictedMean, type Duration } from "./survival.ts";

/** The durations of two ways to do the same thing. */
export interface Pair {
  readonly baseline: readonly Duration[];
  readonly candidate: readonly Duration[];
}

export interface RatioInterval {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * By how much the candidate is faster than the baseline over many subjects: the geometric mean of the ratios of their
 * restricted means. The interval is a percentile bootstrap over subjects, and over the durations within each.
 *
 * @param pairs one for each subject, at least one
 */
export function geometricMeanRatio(
  pairs: readonly Pair[],
  options: { readonly horizon: number; readonly seed: number; readonly confidence?: number },
): RatioInterval {
  assert(pairs.length > 0, "a mean needs a subject");
  const { horizon, seed, confidence = 0.95 } = options;
  const random = new RandomStream(seed);
  const resample = <Value>(values: readonly Value[]): Value[] => values.map(() => values[random.below(values.length)]!);
  const means: number[] = [];
  for (let round = 0; round < bootstrapRounds; round++) {
    const drawn = resample(pairs).map((pair) => ({
      baseline: resample(pair.baseline),
      candidate: resample(pair.candidate),
    }));
    means.push(meanLogRatio(drawn, horizon));
  }
  means.sort((left, right) => left - right);
  const tail = Math.floor(((1 - confidence) / 2) * bootstrapRounds);
  return {
    ratio: Math.exp(meanLogRatio(pairs, horizon)),
    low: Math.exp(means[tail]!),
    high: Math.exp(means[bootstrapRounds - 1 - tail]!),
  };
}

function meanLogRatio(pairs: readonly Pair[], horizon: number): number {
  const logs = pairs.map(({ baseline, candidate }) =>
    Math.log(atLeast(restrictedMean(baseline, horizon)) / atLeast(restrictedMean(candidate, horizon))),
  );
  return logs.reduce((sum, log) => sum + log, 0) / logs.length;
}

/** Clocks do not see less; a ratio to nothing would be infinite. */
function atLeast(mean: number): number {
  return Math.max(mean, smallest);
}

const smallest = 1e-6;
const bootstrapRounds = 2_000;
