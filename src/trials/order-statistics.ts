import { assert } from "../base/assert.ts";

/** A median, and an interval between two of the observed values that covers it. */
export interface MedianInterval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Chance that such an interval covers the median, 0 to 1: below the one asked for when there are too few values. */
  readonly coverage: number;
}

/**
 * The median with the narrowest interval of order statistics, equally far from both ends, that covers it with the
 * chance asked for, whatever the distribution. A value that is only known to be above a cap is Infinity: the bounds
 * stay true. Source: David and Nagaraja, "Order Statistics", 3rd edition, section 7.1.
 *
 * @param values at least one, in any order
 */
export function medianInterval(values: readonly number[], confidence = 0.95): MedianInterval {
  assert(values.length > 0, "a median needs a value");
  assert(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1");
  const sorted = values.toSorted((left, right) => (left === right ? 0 : left - right));
  const tails = binomialTails(sorted.length);
  let rank = 1;
  while (rank + 1 <= (sorted.length + 1) / 2 && 1 - 2 * tails[rank]! >= confidence) rank++;
  return {
    median: middleOf(sorted),
    low: sorted[rank - 1]!,
    high: sorted[sorted.length - rank]!,
    coverage: Math.max(0, 1 - 2 * tails[rank - 1]!),
  };
}

/** @param sorted at least one value, in order */
function middleOf(sorted: readonly number[]): number {
  const upper = sorted[sorted.length >> 1]!;
  if (sorted.length % 2 === 1) return upper;
  const lower = sorted[(sorted.length >> 1) - 1]!;
  return lower === upper ? upper : (lower + upper) / 2;
}

/** By k: the chance that at most k of `count` fair coins show heads, for k up to the middle. */
function binomialTails(count: number): number[] {
  const tails: number[] = [];
  let logTerm = -count * Math.LN2;
  let sum = 0;
  for (let heads = 0; heads <= count / 2; heads++) {
    sum += Math.exp(logTerm);
    tails.push(sum);
    logTerm += Math.log((count - heads) / (heads + 1));
  }
  return tails;
}
