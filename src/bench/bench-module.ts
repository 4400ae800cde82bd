import type { Lane } from "./lane.ts";
import { measure, type Bench } from "./measure.ts";
import type { Metric, Metrics } from "./verdict.ts";

/** A benchmark as `stormlane bench` runs it. */
export interface BenchModule {
  readonly name: string;
  readonly about: string;
  /** Whether its figures depend on the machine. */
  readonly lane: Lane;
  /** The names of all its figures. */
  readonly metrics: readonly string[];
  readonly run: (tools: BenchTools) => Promise<BenchOutcome>;
}

export type BenchOutcome =
  | { readonly kind: "measured"; readonly metrics: Metrics }
  | { readonly kind: "invalid"; readonly why: string };

export interface BenchTools {
  readonly iterations: number;
  readonly warmUps: number;
  /** Warm-ups go on until they took so long. */
  readonly warmUpMsMin?: number;
  /** Of a clock that only moves forward. */
  readonly nowNs: () => bigint;
  /**
   * What its subject is given to do beyond the usual, 0 outside of tests: so many nanoseconds inside the timed part, or
   * so many pieces of work more. Every figure must rise with it, or it measures something else.
   */
  readonly burden: number;
  /** How much of its work a timed subject does, in percent: 100, but where the harness itself is tried out. */
  readonly workPct?: number;
  /** A timed subject does one operation in a sample, and no more: what the first call of a process takes. */
  readonly isSingle?: boolean;
  /** Whether time passes only by `spend`, as in tests: what measures in another thread does the same there. */
  readonly isStill?: boolean;
  /** Passes so many nanoseconds, in the timed part. */
  readonly spend: (ns: number) => void;
}

export interface TimedSubject<State> {
  readonly name: string;
  readonly about: string;
  /** How many operations the body does: one sample is the time of all of them, divided. */
  readonly operations: number;
  /** For each sample, outside the timed part. */
  readonly setUp: (operations: number) => State | Promise<State>;
  /** @param operations how many to do */
  readonly body: (state: State, operations: number) => unknown;
  /** Whether what the body returned shows that it did its work. Asked outside the timed part. */
  readonly isDone: (value: unknown, state: State, operations: number) => boolean;
}

/** A benchmark in nanoseconds per operation. A body that does not do its work makes it invalid. */
export function timedBench<State>(subject: TimedSubject<State>): BenchModule {
  const { name, about, operations } = subject;
  return {
    name,
    about,
    lane: "wall-clock",
    metrics: [name],
    run: async (tools) => {
      const { iterations, warmUps, warmUpMsMin = 0, nowNs, burden, spend, workPct = 100, isSingle = false } = tools;
      const usual = isSingle ? 1 : operations;
      const done = Math.round((usual * workPct) / 100);
      let value: unknown;
      const bench: Bench<State> = {
        name,
        setUp: () => subject.setUp(done),
        body: (state) => {
          if (burden > 0) spend(burden * usual);
          const returned = subject.body(state, done);
          if (!(returned instanceof Promise)) {
            value = returned;
            return undefined;
          }
          return returned.then((settled: unknown) => {
            value = settled;
          });
        },
        tearDown: (state) => {
          if (!subject.isDone(value, state, done)) throw new Error("the subject did not do its work");
        },
      };
      const result = await measure(bench, { iterations, warmUps, warmUpMsMin, nowNs });
      if (result.kind === "invalid") {
        return { kind: "invalid", why: `${result.why} (${result.failed} of ${result.tried} failed)` };
      }
      const samples = result.samplesNs.map((ns) => ns / usual);
      return { kind: "measured", metrics: { [name]: { unit: "ns", isDeterministic: false, samples } } };
    },
  };
}

/** A benchmark that counts: the same on every machine, so that one sample is all there is. */
export function countedBench<Count extends string>(subject: {
  readonly name: string;
  readonly about: string;
  /** The unit of each count, by its name. */
  readonly units: Readonly<Record<Count, string>>;
  /** @param burden pieces of work beyond the usual */
  readonly count: (burden: number) => Promise<Readonly<Record<Count, number>>>;
}): BenchModule {
  const { name, about, units } = subject;
  const names = Object.keys(units) as Count[];
  const metricOf = (count: Count): string => `${name}: ${count}`;
  return {
    name,
    about,
    lane: "deterministic",
    metrics: names.map(metricOf),
    run: async ({ burden }) => {
      const counts = await subject.count(burden);
      const metrics: Record<string, Metric> = {};
      for (const count of names) {
        metrics[metricOf(count)] = { unit: units[count], isDeterministic: true, samples: [counts[count]] };
      }
      return { kind: "measured", metrics };
    },
  };
}
