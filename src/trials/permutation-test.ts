import { assert } from "../base/assert.ts";
import { RandomStream } from "./random-stream.ts";

export interface TestResult {
  readonly statistic: number;
  /** Two-sided. */
  readonly p: number;
  /** Whether all ways to split the values were looked at, or random ones. */
  readonly isExact: boolean;
}

/**
 * How often a statistic of two groups is as far from nothing as the one observed, when which value belongs to which
 * group is left to chance. Exact for few values, ties or not; else over random splits, the observed one among them.
 * Source: Phipson and Smyth, "Permutation P-values Should Never Be Zero", 2010.
 *
 * @param extremity of the first group, given as indices in ascending order: the further from nothing, the larger
 */
export function permutationTest(
  sizes: { readonly first: number; readonly second: number },
  extremity: (first: readonly number[]) => number,
  seed = 1,
): Pick<TestResult, "p" | "isExact"> {
  const { first, second } = sizes;
  assert(first > 0 && second > 0, "both groups have values");
  const observed = extremity(Array.from({ length: first }, (_, index) => index));
  // Rounding must not tell equal splits apart.
  const isAsExtreme = (value: number): boolean => value >= observed - 1e-9 * Math.max(1, Math.abs(observed));
  let asExtreme = 0;
  if (splitsOf(first + second, first) <= exactMax) {
    let splits = 0;
    for (const split of combinations(first + second, first)) {
      splits++;
      if (isAsExtreme(extremity(split))) asExtreme++;
    }
    return { p: asExtreme / splits, isExact: true };
  }
  const random = new RandomStream(seed);
  for (let round = 0; round < randomSplits; round++) {
    if (isAsExtreme(extremity(randomSplit(first + second, first, random)))) asExtreme++;
  }
  return { p: (asExtreme + 1) / (randomSplits + 1), isExact: false };
}

function splitsOf(total: number, chosen: number): number {
  let splits = 1;
  for (let index = 1; index <= chosen; index++) splits = (splits * (total - chosen + index)) / index;
  return splits;
}

/** Every choice of `chosen` of the numbers 0 to `total - 1`, each ascending, in order. */
function* combinations(total: number, chosen: number): Generator<readonly number[]> {
  const current = Array.from({ length: chosen }, (_, index) => index);
  for (;;) {
    yield current;
    let place = chosen - 1;
    while (place >= 0 && current[place] === total - chosen + place) place--;
    if (place < 0) return;
    current[place]!++;
    for (let next = place + 1; next < chosen; next++) current[next] = current[next - 1]! + 1;
  }
}

function randomSplit(total: number, chosen: number, random: RandomStream): number[] {
  const pool = Array.from({ length: total }, (_, index) => index);
  for (let index = 0; index < chosen; index++) {
    const other = index + random.below(total - index);
    [pool[index], pool[other]] = [pool[other]!, pool[index]!];
  }
  return pool.slice(0, chosen).toSorted((left, right) => left - right);
}

const exactMax = 20_000;
const randomSplits = 9_999;
