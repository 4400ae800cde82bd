import { assert } from "../base/assert.ts";

/**
 * Chance that two groups of one distribution differ in their ranks by as much as these do, on either side. What counts is who
 * is before whom, not by how much: a sample that took a hundred times as long weighs as much as any other that is last.
 * Without ties, and up to `pairsExactMax` pairs, by counting all orders; else by the normal approximation, corrected for
 * ties and for continuity. Source: Mann and Whitney, "On a Test of Whether one of Two Random Variables is Stochastically
 * Larger than the Other", 1947.
 *
 * @param first at least one sample, as `second`
 */
export function mannWhitneyP(first: readonly number[], second: readonly number[]): number {
  assert(first.length > 0 && second.length > 0, "each group has a sample");
  const [n, m] = [first.length, second.length];
  let u = 0;
  for (const left of first) for (const right of second) u += left < right ? 1 : left === right ? 0.5 : 0;
  const tieSizes = [...sizesOfTies([...first, ...second])].filter((size) => size > 1);
  const fewer = Math.min(u, n * m - u);
  if (tieSizes.length === 0 && n * m <= pairsExactMax) return Math.min(1, 2 * shareAtMost(fewer, n, m));
  const all = n + m;
  const tied = tieSizes.reduce((sum, size) => sum + (size ** 3 - size), 0);
  const variance = ((n * m) / 12) * (all + 1 - tied / (all * (all - 1)));
  if (variance === 0) return 1;
  const z = Math.max(0, (n * m) / 2 - fewer - 0.5) / Math.sqrt(variance);
  return normalTwoSidedP(z);
}

const pairsExactMax = 2_500;

/** Of all orders of n and m values, the share in which at most `u` pairs are the wrong way round. */
function shareAtMost(u: number, n: number, m: number): number {
  // ways[k]: orders of some n and m with k such pairs. Each factor of the Gaussian binomial coefficient is one pass.
  const ways = Array.from({ length: u + 1 }, (_, k): number => (k === 0 ? 1 : 0));
  for (let size = 1; size <= n; size++) {
    for (let k = u; k >= size + m; k--) ways[k]! -= ways[k - size - m]!;
    for (let k = size; k <= u; k++) ways[k]! += ways[k - size]!;
  }
  let orders = 1;
  for (let size = 1; size <= n; size++) orders *= (m + size) / size;
  return ways.reduce((sum, count) => sum + count, 0) / orders;
}

function sizesOfTies(values: readonly number[]): Iterable<number> {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return sizes.values();
}

/** By the series of the error function, whose terms are all above 0. Source: DLMF 7.6.2. @param z 0 or more */
function normalTwoSidedP(z: number): number {
  // Beyond, nothing is left within the precision of a number.
  if (z > 8) return 0;
  const x = z / Math.SQRT2;
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return Math.max(0, 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum);
}
