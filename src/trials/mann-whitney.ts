import { permutationTest, type TestResult } from "./permutation-test.ts";

/**
 * Whether the values of one group tend to be larger than those of another. The statistic is U of the first group: in
 * how many pairs its value is the larger one, ties counting half. Infinity stands for what was not found within the
 * cap. Source: Mann and Whitney, "On a Test of Whether one of Two Random Variables is Stochastically Larger", 1947.
 *
 * @param first at least one, as `second`
 */
export function mannWhitney(first: readonly number[], second: readonly number[], seed = 1): TestResult {
  const ranks = midRanks([...first, ...second]);
  const leastSum = (first.length * (first.length + 1)) / 2;
  const middle = (first.length * second.length) / 2;
  const uOf = (indices: readonly number[]): number => indices.reduce((sum, index) => sum + ranks[index]!, 0) - leastSum;
  const { p, isExact } = permutationTest(
    { first: first.length, second: second.length },
    (indices) => Math.abs(uOf(indices) - middle),
    seed,
  );
  return { statistic: uOf(first.map((_, index) => index)), p, isExact };
}

/** By index: the place of each value from 1 on; equal values share the middle of their places. */
function midRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).toSorted((left, right) => compare(values[left]!, values[right]!));
  const ranks = Array.from({ length: values.length }, () => 0);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    for (let place = from; place <= to; place++) ranks[order[place]!] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return ranks;
}

/** Two infinities are equal; their difference is not a number. */
function compare(left: number, right: number): number {
  return left === right ? 0 : left - right;
}
