import type { Lane } from "./lane.ts";
import { measure, type Bench } from "./measure.ts";
import type { Metric, Metrics } from "./verdict.ts";

/** A benchmark as `stormlane bench` runs it. */
export interface BenchModule {
  readonly name: string;
  readonly about: string;
  /** Whether its figures depend on the machine. */
  readonly lane: Lane;
  readonly run: (tools: BenchTools) => Promise<BenchOutcome>;
}

export type BenchOutcome =
  | { readonly kind: "measured"; readonly metrics: Metrics }
  | { readonly kind: "invalid"; readonly why: string };

export interface BenchTools {
  readonly iterations: number;
  readonly warmUps: number;
  /** Of a clock that only moves forward. */
  readonly nowNs: () => bigint;
  /**
   * What its subject is given to do beyond the usual, 0 outside of tests: so many nanoseconds inside the timed part, or
   * so many pieces of work more. Every figure must rise with it, or it measures something else.
   */
  readonly burden: number;
  /** Passes so many nanoseconds, in the timed part. */
  readonly spend: (ns: number) => void;
}

export interface TimedSubject<State> {
  readonly name: string;
  readonly about: string;
  /** How many operations the body does: one sample is the time of all of them, divided. */
  readonly operations: number;
  /** For each sample, outside the timed part. */
  readonly setUp: () => State | Promise<State>;
  readonly body: (state: State) => unknown;
  /** Whether what the body returned shows that it did its work. Asked outside the timed part. */
  readonly isDone: (value: unknown, state: State) => boolean;
}

/** A benchmark in nanoseconds per operation. A body that does not do its work makes it invalid. */
export function timedBench<State>(subject: TimedSubject<State>): BenchModule {
  const { name, about, operations } = subject;
  return {
    name,
    about,
    lane: "wall-clock",
    run: async ({ iterations, warmUps, nowNs, burden, spend }) => {
      let value: unknown;
      const bench: Bench<State> = {
        name,
        setUp: subject.setUp,
        body: (state) => {
          if (burden > 0) spend(burden * operations);
          const returned = subject.body(state);
          if (!(returned instanceof Promise)) {
            value = returned;
            return undefined;
          }
          return returned.then((settled: unknown) => {
            value = settled;
          });
        },
        tearDown: (state) => {
          if (!subject.isDone(value, state)) throw new Error("the subject did not do its work");
        },
      };
      const result = await measure(bench, { iterations, warmUps, nowNs });
      if (result.kind === "invalid") {
        return { kind: "invalid", why: `${result.why} (${result.failed} of ${result.tried} failed)` };
      }
      const samples = result.samplesNs.map((ns) => ns / operations);
      return { kind: "measured", metrics: { [name]: { unit: "ns", isDeterministic: false, samples } } };
    },
  };
}

/** A benchmark that counts: the same on every machine, so that one sample is all there is. */
export function countedBench(subject: {
  readonly name: string;
  readonly about: string;
  /** @param burden pieces of work beyond the usual */
  readonly count: (
    burden: number,
  ) => Promise<Readonly<Record<string, { readonly unit: string; readonly value: number }>>>;
}): BenchModule {
  const { name, about } = subject;
  return {
    name,
    about,
    lane: "deterministic",
    run: async ({ burden }) => {
      const counts = await subject.count(burden);
      const metrics: Record<string, Metric> = {};
      for (const [metric, { unit, value }] of Object.entries(counts)) {
        metrics[`${name}: ${metric}`] = { unit, isDeterministic: true, samples: [value] };
      }
      return { kind: "measured", metrics };
    },
  };
}
