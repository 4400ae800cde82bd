import { assert } from "../base/assert.ts";
import { summarise, type SampleSummary } from "./sample-summary.ts";

/** One thing that is measured. `State` is what its set-up made. */
export interface Bench<State = undefined> {
  readonly name: string;
  /** Before each iteration, outside the timed part. */
  readonly setUp?: () => State | Promise<State>;
  /** The timed part. What it throws makes the iteration a failed one. A returned promise is waited for, in time. */
  readonly body: (state: State) => unknown;
  /** After each iteration, outside the timed part, also after a failed one. */
  readonly tearDown?: (state: State) => void | Promise<void>;
}

export interface MeasureOptions {
  /** Timed ones, >= 1. More are made until `timeMsMin` has been measured, fewer when `timeMsMax` has. */
  readonly iterations: number;
  /** Run before them, and not counted: so many at least, and more until they took `warmUpMsMin`, for the compiler's sake. */
  readonly warmUps: number;
  readonly warmUpMsMin?: number;
  readonly timeMsMin?: number;
  readonly timeMsMax?: number;
  /** Failed iterations that are allowed; none unless said otherwise. */
  readonly failuresMax?: number;
  /** Nanoseconds of a clock that only moves forward, as `process.hrtime.bigint` gives them. */
  readonly nowNs: () => bigint;
}

/** What came of it. A failure is never a fast result: it makes the whole invalid. */
export type BenchResult = MeasuredBench | InvalidBench;

export interface MeasuredBench {
  readonly kind: "measured";
  readonly name: string;
  /** In nanoseconds, in the order in which they were taken. */
  readonly samplesNs: readonly number[];
  readonly summary: SampleSummary;
  readonly failed: number;
}

export interface InvalidBench {
  readonly kind: "invalid";
  readonly name: string;
  readonly why: string;
  /** How many iterations failed, of how many. */
  readonly failed: number;
  readonly tried: number;
}

/** Measures one bench by itself. */
export async function measure<State>(bench: Bench<State>, options: MeasureOptions): Promise<BenchResult> {
  const run = new Measurement(bench, options);
  await run.warmUp();
  while (run.wantsMore()) await run.iterate();
  return run.result();
}

/** However little a warm-up takes. */
const warmUpsMax = 1_000;

class Measurement<State> {
  private readonly bench: Bench<State>;
  private readonly options: MeasureOptions;
  private readonly samplesNs: number[] = [];
  private measuredNs = 0;
  private failed = 0;
  private tried = 0;
  private why = "";

  constructor(bench: Bench<State>, options: MeasureOptions) {
    assert(options.iterations >= 1, "a measurement has an iteration");
    this.bench = bench;
    this.options = options;
  }

  /** A warm-up that fails says as much as an iteration that does. */
  async warmUp(): Promise<void> {
    const { warmUps, warmUpMsMin = 0 } = this.options;
    const isCold = (count: number): boolean =>
      count < warmUps || (this.measuredNs < warmUpMsMin * 1e6 && count < warmUpsMax);
    for (let count = 0; isCold(count) && this.isValid(); count++) await this.once();
    this.samplesNs.length = 0;
    this.measuredNs = 0;
  }

  wantsMore(): boolean {
    const { iterations, timeMsMin = 0, timeMsMax = Number.POSITIVE_INFINITY } = this.options;
    const measuredMs = this.measuredNs / 1e6;
    if (!this.isValid() || (measuredMs >= timeMsMax && this.samplesNs.length > 0)) return false;
    return this.samplesNs.length < iterations || measuredMs < timeMsMin;
  }

  async iterate(): Promise<void> {
    await this.once();
  }

  result(): BenchResult {
    const { name } = this.bench;
    const { failed, tried, samplesNs, why } = this;
    if (!this.isValid()) return { kind: "invalid", name, why, failed, tried };
    if (samplesNs.length === 0) return { kind: "invalid", name, why: "nothing was measured", failed, tried };
    return { kind: "measured", name, samplesNs, summary: summarise(samplesNs), failed };
  }

  private isValid(): boolean {
    return this.failed <= (this.options.failuresMax ?? 0);
  }

  private async once(): Promise<void> {
    const { setUp, tearDown } = this.bench;
    this.tried++;
    let state: State;
    try {
      state = (await setUp?.()) as State;
    } catch (error) {
      this.fail("its set-up failed", error);
      return;
    }
    const isTimed = await this.time(state);
    try {
      await tearDown?.(state);
    } catch (error) {
      // An iteration fails once, by what went wrong first.
      if (isTimed) this.fail("its tear-down failed", error);
    }
  }

  private async time(state: State): Promise<boolean> {
    const { nowNs } = this.options;
    try {
      const startNs = nowNs();
      const value = this.bench.body(state);
      // Waiting for what is no promise would add a turn of the event loop.
      if (value instanceof Promise) await value;
      const elapsedNs = Number(nowNs() - startNs);
      this.samplesNs.push(elapsedNs);
      this.measuredNs += elapsedNs;
      return true;
    } catch (error) {
      this.fail("it failed", error);
      return false;
    }
  }

  /** The first reason is told. */
  private fail(what: string, error: unknown): void {
    this.failed++;
    if (this.why === "") this.why = `${what}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
