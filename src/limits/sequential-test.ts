import { assert } from "../base/assert.ts";

export interface SequentialOptions {
  /** Share of runs that may fail where something holds; above 0. */
  readonly holdsRate: number;
  /** Share of failing runs from which on it does not; above `holdsRate`, below 1. */
  readonly breaksRate: number;
  /** Chance of a wrong verdict either way. */
  readonly errorRate: number;
}

const sequentialDefaults: SequentialOptions = { holdsRate: 0.001, breaksRate: 0.05, errorRate: 0.05 };

/**
 * Says after each run whether enough is known: as few runs as possible for the errors that are allowed. With the
 * defaults one failure is enough, and 59 runs without one are. Source: Wald, "Sequential Tests of Statistical
 * Hypotheses", 1945.
 */
export class SequentialTest {
  runs = 0;
  failures = 0;
  private readonly options: SequentialOptions;

  constructor(options: SequentialOptions = sequentialDefaults) {
    const { holdsRate, breaksRate, errorRate } = options;
    assert(0 < holdsRate && holdsRate < breaksRate && breaksRate < 1, "the rates lie apart, between 0 and 1");
    assert(errorRate > 0 && errorRate < 0.5, "an error rate lies between 0 and a half");
    this.options = options;
  }

  add(failed: boolean): void {
    this.runs++;
    if (failed) this.failures++;
  }

  /** @returns nothing as long as more runs are needed */
  verdict(): "holds" | "breaks" | undefined {
    const { holdsRate, breaksRate, errorRate } = this.options;
    const evidence =
      this.failures * Math.log(breaksRate / holdsRate) +
      (this.runs - this.failures) * Math.log((1 - breaksRate) / (1 - holdsRate));
    const edge = Math.log((1 - errorRate) / errorRate);
    if (evidence >= edge) return "breaks";
    return evidence <= -edge ? "holds" : undefined;
  }
}
