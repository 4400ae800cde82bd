import { meanOf, sampleVariance } from "./sample-summary.ts";
import { twoSidedP } from "./student-t.ts";

/** Whether two groups of samples have different means. */
export interface WelchResult {
  /** Difference of the means (second less first) over its standard error; infinite when both groups are constant and differ. */
  readonly t: number;
  /** Undefined where no distribution is asked: two constants are compared as they are. */
  readonly degreesOfFreedom: number | undefined;
  /** Two-sided. */
  readonly p: number;
}

/**
 * Welch's test: variances may differ. What does not vary at all is compared exactly, so any difference between two
 * deterministic measurements is significant. With fewer than two samples on a side that varies on the other, nothing can
 * be said: p is 1. Source: Welch, "The Generalization of 'Student's' Problem when Several Different Population
 * Variances are Involved", 1947.
 *
 * @param first at least one sample, as `second`
 */
export function welchTest(first: readonly number[], second: readonly number[]): WelchResult {
  const difference = meanOf(second) - meanOf(first);
  if (isConstant(first) && isConstant(second)) {
    if (first[0] === second[0]) return { t: 0, degreesOfFreedom: undefined, p: 1 };
    return { t: difference > 0 ? Infinity : -Infinity, degreesOfFreedom: undefined, p: 0 };
  }
  if (first.length < 2 || second.length < 2) return { t: 0, degreesOfFreedom: undefined, p: 1 };
  const a = sampleVariance(first) / first.length;
  const b = sampleVariance(second) / second.length;
  // So small that it was rounded away: nothing but a difference is left.
  if (a + b === 0) return { t: 0, degreesOfFreedom: undefined, p: 1 };
  const share = a / (a + b);
  const degreesOfFreedom = 1 / (share ** 2 / (first.length - 1) + (1 - share) ** 2 / (second.length - 1));
  const t = difference / Math.sqrt(a + b);
  return { t, degreesOfFreedom, p: twoSidedP(t, degreesOfFreedom) };
}

function isConstant(samples: readonly number[]): boolean {
  return samples.every((value) => value === samples[0]);
}
