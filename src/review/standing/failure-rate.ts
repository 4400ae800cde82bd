import { assert } from "../../base/assert.ts";
import { incompleteBeta } from "../../bench/student-t.ts";

/**
 * Upper bound of a failure rate, with 95 % confidence: the largest rate at which so few failures still have a chance of
 * 5 %. Exact, one-sided. It holds for runs that are drawn alike, one apart from the other.
 * Source: Clopper and Pearson, "The use of confidence or fiducial limits", Biometrika 26 (1934).
 *
 * @param failures at most `runs`
 * @returns 0 to 1; 1 without runs
 */
export function failureRateMax({ failures, runs }: { readonly failures: number; readonly runs: number }): number {
  assert(failures >= 0 && failures <= runs, "no more runs fail than there are");
  if (failures === runs) return 1;
  if (failures === 0) return -Math.expm1(Math.log(0.05) / runs);
  let low = failures / runs;
  let high = 1;
  for (let step = 0; step < bisections; step++) {
    const middle = (low + high) / 2;
    if (chanceOfSoFew(middle, failures, runs) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/** Each halves the interval: more than a double can tell apart. */
const bisections = 60;

/** P(X <= failures) for a binomial X. Source: DLMF 8.17.5. */
function chanceOfSoFew(rate: number, failures: number, runs: number): number {
  return incompleteBeta(1 - rate, runs - failures, failures + 1);
}
