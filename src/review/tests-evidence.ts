/** What a report of the test suite says about how long its tests take. */
export interface TestsEvidence {
  readonly tests: number;
  /** The slowest first, at most 20. */
  readonly slowest: readonly SlowTest[];
  /** Slow ones that are in no lane for slow tests. */
  readonly heavy: readonly SlowTest[];
}

export interface SlowTest {
  readonly title: string;
  readonly file: string;
  readonly durationMs: number;
}
