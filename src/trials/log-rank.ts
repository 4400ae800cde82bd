import { permutationTest, type TestResult } from "./permutation-test.ts";
import { deathTable, type Duration } from "./survival.ts";

/**
 * Whether two groups of durations end at different rates. The statistic is the usual chi-squared of one degree of
 * freedom; its p comes from permutations, since ten trials are too few for the limit.
 * Sources: Mantel, "Evaluation of survival data and two new rank order statistics", 1966; Peto and Peto, JRSS A 1972.
 *
 * @param first at least one, as `second`
 */
export function logRank(first: readonly Duration[], second: readonly Duration[], seed = 1): TestResult {
  const all = [...first, ...second];
  const statistic = chiSquared(first, all);
  const { p, isExact } = permutationTest(
    { first: first.length, second: second.length },
    (indices) =>
      chiSquared(
        indices.map((index) => all[index]!),
        all,
      ),
    seed,
  );
  return { statistic, p, isExact };
}

function chiSquared(group: readonly Duration[], all: readonly Duration[]): number {
  const sorted = group.toSorted((left, right) => left.length - right.length);
  let passed = 0;
  let difference = 0;
  let variance = 0;
  for (const { length, over, atRisk } of deathTable(all)) {
    while (passed < sorted.length && sorted[passed]!.length < length) passed++;
    const own = sorted.length - passed;
    let ownOver = 0;
    for (let index = passed; sorted[index]?.length === length; index++) if (sorted[index]!.isOver) ownOver++;
    const share = own / atRisk;
    difference += ownOver - over * share;
    if (atRisk > 1) variance += (over * share * (1 - share) * (atRisk - over)) / (atRisk - 1);
  }
  return variance === 0 ? 0 : difference ** 2 / variance;
}
