import { spawnSync } from "node:child_process";
import { expect } from "vitest";
import type { Metric } from "../../src/bench/verdict.ts";
import { docsTable, gateTableOf } from "./gate-table.ts";
import type { Harness } from "./harness.ts";
import type { Sabotage } from "./sabotage.ts";

/** A defect of a benchmark harness that was in use somewhere, and let regressions through without a word. */
export interface Defect {
  readonly id: string;
  readonly about: string;
  /** Holds of a harness without the defect. */
  readonly property: (harness: Harness) => void | Promise<void>;
  /** Ways to put the defect back, each to be noticed by itself. */
  readonly sabotages: readonly (readonly Sabotage[])[];
}

export const predecessorDefects: readonly Defect[] = [
  {
    id: "B1",
    about: "an error of the harness reads as a duration of 0",
    property: async ({ measure }) => {
      const bench = { name: "it", setUp: () => undefined, body: () => fail("no snapshot") };
      expect(await measure(bench, options())).toMatchObject({ kind: "invalid", why: "it failed: no snapshot" });
    },
    sabotages: [
      [
        inMeasure(
          'this.fail("it failed", error);\n      return false;',
          "this.samplesNs.push(0);\n      return error === 0;",
        ),
      ],
    ],
  },
  {
    id: "B2",
    about: "a process that crashes at its start is a very fast one",
    property: async ({ timedBench }) => {
      const crashing = timedBench({
        name: "child",
        about: "",
        operations: 1,
        setUp: () => undefined,
        body: () => spawnSync(process.execPath, ["--no-such-flag"]),
        isDone: (ended) => (ended as { readonly status: number }).status === 0,
      });
      const tools = { ...options(), burden: 0, spend: () => {} };
      expect(await crashing.run(tools)).toMatchObject({ kind: "invalid" });
    },
    sabotages: [
      [
        {
          file: "src/bench/bench-module.ts",
          from: 'if (!subject.isDone(value, state, done)) throw new Error("the subject did not do its work");',
          to: "subject.isDone(value, state, done);",
        },
      ],
    ],
  },
  {
    id: "B3",
    about: "a metric without a baseline, or a baseline without a measurement, is passed over",
    property: ({ evaluate, deterministicThreshold }) => {
      const verdictOf = (measured: readonly string[], baseline: readonly string[]): unknown =>
        evaluate(named(measured), named(baseline), () => deterministicThreshold);
      expect(verdictOf(["a"], ["a", "b"])).toMatchObject({ kind: "fail", items: [{ metric: "b" }] });
      expect(verdictOf(["a", "b"], ["a"])).toMatchObject({ kind: "comment", items: [{ metric: "b" }] });
    },
    sabotages: [
      [inVerdict("for (const name of Object.keys(baseline).toSorted()) {", "for (const name of [] as string[]) {")],
      [
        inVerdict(
          'items.push({ metric: name, level: "comment", reason: "is new: the baseline does not have it" });',
          "continue;",
        ),
      ],
    ],
  },
  {
    id: "B4",
    about: "what grows from 0 has grown by 0 %",
    property: ({ evaluate, deterministicThreshold }) => {
      const verdict = evaluate({ it: counted(5) }, { it: counted(0) }, () => deterministicThreshold);
      expect(verdict).toMatchObject({ kind: "fail", items: [{ metric: "it" }] });
    },
    sabotages: [[inVerdict("worsening > 0 ? Number.POSITIVE_INFINITY : 0", "0")]],
  },
  {
    id: "B5",
    about: "percentiles by two rules, one of which never sees the largest value",
    property: ({ summarise }) => {
      const { p50, p95, p99 } = summarise([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect({ p50, p95, p99 }).toEqual({ p50: 5, p95: 10, p99: 10 });
    },
    sabotages: [
      [
        inSummary(
          "Math.ceil((percent * sorted.length) / 100) - 1",
          "Math.round((percent / 100) * (sorted.length - 1))",
        ),
      ],
      [inSummary("Math.ceil((percent * sorted.length) / 100) - 1", "Math.floor((percent * sorted.length) / 100) - 1")],
    ],
  },
  {
    id: "B6",
    about: "a standard deviation with n below",
    property: ({ summarise, welchTest }) => {
      expect(summarise([2, 4, 4, 4, 5, 5, 7, 9]).standardDeviation).toBeCloseTo(Math.sqrt(32 / 7), 12);
      expect(welchTest([1, 2, 3], [2, 4, 6]).t).toBeCloseTo(2 / Math.sqrt(5 / 3), 12);
    },
    sabotages: [[inSummary("/ (samples.length - 1);", "/ samples.length;")]],
  },
  {
    id: "B7",
    about: "significance from a table for 10 degrees of freedom, whatever they are",
    property: ({ welchTest }) => {
      // Two of three each: about two degrees of freedom, for which 5 % begin at 4.30 and not at 2.23.
      const { t, p } = welchTest([10, 11, 12], [12, 16, 14]);
      expect(t).toBeGreaterThan(2.228);
      expect(p).toBeGreaterThan(0.05);
    },
    sabotages: [
      [
        {
          file: "src/bench/student-t.ts",
          from: "if (!Number.isFinite(t)) return 0;",
          to: "if (!Number.isFinite(t) || Math.abs(t) > 2.228) return 0.04 / degreesOfFreedom ** 0;",
        },
      ],
    ],
  },
  {
    id: "B8",
    about: "two constants never differ, since neither varies",
    property: ({ welchTest, evaluate, wallClockThreshold }) => {
      expect(welchTest([10, 10, 10], [15, 15, 15]).p).toBe(0);
      const slow = { it: { unit: "ns", isDeterministic: false, samples: [15_000, 15_000] } };
      const quick = { it: { unit: "ns", isDeterministic: false, samples: [10_000, 10_000] } };
      expect(evaluate(slow, quick, () => wallClockThreshold).kind).toBe("fail");
    },
    sabotages: [
      [
        {
          file: "src/bench/welch-test.ts",
          from: "degreesOfFreedom: undefined, p: 0 }",
          to: "degreesOfFreedom: undefined, p: 1 }",
        },
      ],
    ],
  },
  {
    id: "B9",
    about: "when every iteration fails, the mean is 0 and below every limit",
    property: async ({ measure }) => {
      const result = await measure({ name: "it", body: () => fail("never works") }, options());
      expect(result).toMatchObject({ kind: "invalid", failed: 1 });
      expect(result).not.toHaveProperty("summary");
    },
    sabotages: [
      [
        inMeasure('if (!this.isValid()) return { kind: "invalid", name, why, failed, tried };', ""),
        inMeasure(
          'return { kind: "invalid", name, why: "nothing was measured", failed, tried };',
          'return { kind: "measured", name, samplesNs, summary: summarise([0]), failed: failed + tried * 0 + why.length * 0 };',
        ),
      ],
    ],
  },
  {
    id: "B10",
    about: "failed iterations are left out of the statistics, however many",
    property: async ({ measure }) => {
      let count = 0;
      const bench = { name: "it", body: () => (++count % 2 === 0 ? fail("every other one") : undefined) };
      expect(await measure(bench, options())).toMatchObject({ kind: "invalid", failed: 1, tried: 2 });
    },
    sabotages: [[inMeasure("this.options.failuresMax ?? 0", "this.options.failuresMax ?? Number.POSITIVE_INFINITY")]],
  },
  {
    id: "B11",
    about: "a baseline that keeps a figure and no samples, in a page for people",
    property: ({ parseBaseline, evaluate, thresholdOf }) => {
      const wrong = (samples: unknown): unknown => parseBaseline(JSON.stringify(baselineOf(samples)));
      expect(wrong([10_000, 11_000])).toHaveProperty("metrics");
      expect(wrong([])).toHaveProperty("wrong");
      expect(wrong(undefined)).toHaveProperty("wrong");
      expect(parseBaseline("| metric | mean |\n| --- | ---: |\n| it | 3 |\n")).toHaveProperty("wrong");
      expect(evaluate({ it: counted(1) }, { it: counted() }, thresholdOf).kind).toBe("invalid");
    },
    sabotages: [
      [
        {
          file: "src/bench/baseline.ts",
          from: "samples: z.array(z.number()).min(1),",
          to: "samples: z.array(z.number()).default([]),",
        },
      ],
      [inVerdict('return { kind: "invalid", why: `${name}: the baseline has no samples` };', "continue;")],
    ],
  },
  {
    id: "B12",
    about: "one gate in the documentation, another in the code, a third in the tests",
    property: (harness) => {
      const { evaluate, thresholdOf } = harness;
      const became = (percent: number): string =>
        evaluate({ it: counted(100 + percent) }, { it: counted(100) }, thresholdOf).kind;
      expect([became(19), became(21)]).toEqual(["comment", "fail"]);
      expect(docsTable()).toEqual(gateTableOf(harness));
    },
    sabotages: [
      [inVerdict("commentPct: 1, failPct: 20", "commentPct: 1, failPct: 500")],
      [inVerdict("commentPct: 10,\n  failPct: 20", "commentPct: 10,\n  failPct: 25")],
      [{ file: "src/bench/thresholds.ts", from: '"ledger write": 30_000_000', to: '"ledger write": 1_500_000_000' }],
    ],
  },
  {
    id: "B13",
    about: "durations in whole milliseconds",
    property: async ({ measure }) => {
      const clock = new ManualClock();
      const bench = { name: "it", body: () => clock.pass(431) };
      expect(await measure(bench, { ...options(), nowNs: clock.nowNs })).toMatchObject({ summary: { mean: 431 } });
    },
    sabotages: [[inMeasure("Number(nowNs() - startNs)", "Math.trunc(Number(nowNs() - startNs) / 1e6) * 1e6")]],
  },
  {
    id: "B14",
    about: "what is set up for each iteration is timed with it",
    property: async ({ measure }) => {
      const clock = new ManualClock();
      const bench = { name: "it", setUp: () => clock.pass(1_000_000), body: () => clock.pass(7) };
      const result = await measure(bench, { ...options(), nowNs: clock.nowNs });
      expect(result).toMatchObject({ samplesNs: [7, 7, 7] });
    },
    sabotages: [
      [
        inMeasure(
          "const value = this.bench.body(state);",
          "await this.bench.setUp?.();\n      const value = this.bench.body(state);",
        ),
      ],
    ],
  },
  {
    id: "B15",
    about: "the wall clock of a machine that others share decides about every change",
    property: ({ gates, lanes }) => {
      const gating = (isNightly: boolean): readonly string[] => lanes.filter((lane) => gates(lane, { isNightly }));
      expect(gating(false)).toEqual(["deterministic"]);
      expect(gating(true)).toEqual(["deterministic", "wall-clock"]);
    },
    sabotages: [
      [
        {
          file: "src/bench/lane.ts",
          from: 'lane === "deterministic" || isNightly',
          to: "lane !== undefined || isNightly",
        },
      ],
    ],
  },
];

class ManualClock {
  private ns = 0n;
  readonly nowNs = (): bigint => this.ns;
  pass(ns: number): void {
    this.ns += BigInt(ns);
  }
}

function options(): { iterations: number; warmUps: number; nowNs: () => bigint } {
  let ns = 0n;
  return { iterations: 3, warmUps: 0, nowNs: () => (ns += 1_000n) };
}

function counted(...samples: readonly number[]): Metric {
  return { unit: "calls", isDeterministic: true, samples };
}

function named(names: readonly string[]): Readonly<Record<string, Metric>> {
  return Object.fromEntries(names.map((name) => [name, counted(1)]));
}

function baselineOf(samples: unknown): unknown {
  const origin = {
    at: "2026-01-05T09:00:00.000Z",
    by: "Ada",
    reason: "first measurement",
    commit: "0123456789abcdef0123456789abcdef01234567",
    hostClass: "linux-x64-2cpu",
    node: "v24.21.0",
    operatingSystem: "Debian 12",
  };
  return { version: 1, origin, metrics: { it: { unit: "ns", isDeterministic: false, samples } }, history: [] };
}

function fail(why: string): never {
  throw new Error(why);
}

function inMeasure(from: string, to: string): Sabotage {
  return { file: "src/bench/measure.ts", from, to };
}

function inVerdict(from: string, to: string): Sabotage {
  return { file: "src/bench/verdict.ts", from, to };
}

function inSummary(from: string, to: string): Sabotage {
  return { file: "src/bench/sample-summary.ts", from, to };
}
