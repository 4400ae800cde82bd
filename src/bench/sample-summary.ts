import { assert } from "../base/assert.ts";

/** What samples of one measurement say, all of them kept. In the unit of the samples. */
export interface SampleSummary {
  readonly count: number;
  readonly mean: number;
  /** Of the sample (n - 1); undefined for a single value, which says nothing of it. */
  readonly standardDeviation: number | undefined;
  readonly min: number;
  readonly max: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Median distance from the median: what a few outliers do not move. */
  readonly medianAbsoluteDeviation: number;
  /** Values more than three standard deviations from the mean, in their order. Shown, never dropped. */
  readonly outliers: readonly number[];
}

/** @param samples at least one, all finite */
export function summarise(samples: readonly number[]): SampleSummary {
  assert(samples.length > 0, "a summary needs a sample");
  assert(samples.every(Number.isFinite), "samples are finite");
  const sorted = samples.toSorted((left, right) => left - right);
  const mean = meanOf(samples);
  const standardDeviation = samples.length < 2 ? undefined : Math.sqrt(sampleVariance(samples));
  const p50 = percentile(sorted, 50);
  const distances = samples.map((value) => Math.abs(value - p50)).toSorted((left, right) => left - right);
  return {
    count: samples.length,
    mean,
    standardDeviation,
    min: sorted[0]!,
    max: sorted.at(-1)!,
    p50,
    p95: percentile(sorted, 95),
    p99: percentile(sorted, 99),
    medianAbsoluteDeviation: percentile(distances, 50),
    outliers: samples.filter((value) => Math.abs(value - mean) > 3 * (standardDeviation ?? 0)),
  };
}

/**
 * Nearest rank: the smallest value that at least `percent` of all values do not exceed. Always one of the values; of
 * ten, the 95th percentile is the largest.
 *
 * @param sorted at least one value, ascending
 * @param percent above 0, 100 at most
 */
export function percentile(sorted: readonly number[], percent: number): number {
  assert(sorted.length > 0 && percent > 0 && percent <= 100, "a percentile needs a value, and lies above 0");
  // In whole numbers where they are: 0.07 * 100 is a little more than 7.
  return sorted[Math.ceil((percent * sorted.length) / 100) - 1]!;
}

export function meanOf(samples: readonly number[]): number {
  return samples.reduce((sum, value) => sum + value, 0) / samples.length;
}

/** With n - 1 below: unbiased. @param samples at least two */
export function sampleVariance(samples: readonly number[]): number {
  assert(samples.length > 1, "a variance needs two samples");
  const mean = meanOf(samples);
  return samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (samples.length - 1);
}
