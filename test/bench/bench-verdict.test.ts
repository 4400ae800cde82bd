import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  deterministicThreshold,
  evaluate,
  wallClockThreshold,
  type Metric,
  type Threshold,
  type Verdict,
} from "../../src/bench/verdict.ts";

const metric = (...samples: readonly number[]): Metric => ({ unit: "calls", isDeterministic: true, samples });
const noisy = (...samples: readonly number[]): Metric => ({ unit: "ns", isDeterministic: false, samples });

function verdictOf(now: Metric, before: Metric, threshold: Threshold): Verdict {
  return evaluate({ it: now }, { it: before }, () => threshold);
}

describe("the edges of a threshold", () => {
  const percent: Threshold = { worse: "higher", commentPct: 50, failPct: 100 };
  test.for([
    [149.9, "ok"],
    [150, "comment"],
    [199, "comment"],
    [199.999, "comment"],
    [200, "fail"],
    [201, "fail"],
  ] as const)("100 that became %d is %s", ([value, kind]) => {
    expect(verdictOf(metric(value), metric(100), percent).kind).toBe(kind);
  });

  test.for([
    [360, "ok"],
    [360.001, "fail"],
  ] as const)("a 95th percentile of %d is %s when 360 is allowed", ([value, kind]) => {
    expect(verdictOf(metric(value), metric(value), { worse: "higher", failP95: 360 }).kind).toBe(kind);
  });

  test.for([
    [10, "ok"],
    [11, "fail"],
  ] as const)("%d more are %s over a floor of 10", ([more, kind]) => {
    expect(verdictOf(metric(20 + more), metric(20), { worse: "higher", failPct: 20, floor: 10 }).kind).toBe(kind);
  });

  test("are each open when they are left out", () => {
    expect(verdictOf(metric(1e9), metric(1), { worse: "higher" }).kind).toBe("ok");
  });
});

test("a baseline of 0 gates what grows from it, and nothing else", () => {
  expect(verdictOf(metric(5), metric(0), deterministicThreshold)).toMatchObject({ kind: "fail" });
  expect(verdictOf(metric(0), metric(0), deterministicThreshold)).toEqual({ kind: "ok" });
});

test("what is better with higher values is worse with lower ones", () => {
  const rate: Threshold = { worse: "lower", failPct: 20 };
  expect(verdictOf(metric(70), metric(100), rate).kind).toBe("fail");
  expect(verdictOf(metric(130), metric(100), rate).kind).toBe("ok");
});

test("21 % of a deterministic metric fail, 19 % are a comment", () => {
  expect(verdictOf(metric(121), metric(100), deterministicThreshold).kind).toBe("fail");
  expect(verdictOf(metric(119), metric(100), deterministicThreshold).kind).toBe("comment");
});

test("a metric that vanished fails by its name, and a new one is a comment", () => {
  const gone = evaluate({ a: metric(1) }, { a: metric(1), b: metric(2) }, () => deterministicThreshold);
  expect(gone).toMatchObject({ kind: "fail", items: [{ metric: "b", level: "fail" }] });
  const added = evaluate({ a: metric(1), c: metric(2) }, { a: metric(1) }, () => deterministicThreshold);
  expect(added).toMatchObject({ kind: "comment", items: [{ metric: "c", level: "comment" }] });
});

test.for([
  ["nothing measured", {}, { it: metric(1) }],
  ["no samples", { it: metric() }, { it: metric(1) }],
  ["a sample that is no number", { it: metric(Number.NaN) }, { it: metric(1) }],
  ["a baseline without samples", { it: metric(1) }, { it: metric() }],
  ["another unit", { it: metric(1) }, { it: noisy(1) }],
] as const)("%s is invalid, and never ok", ([, measured, baseline]) => {
  expect(evaluate(measured, baseline, () => deterministicThreshold).kind).toBe("invalid");
});

test("a wall-clock change counts when it is large, significant and above the floor", () => {
  const before = noisy(100_000, 101_000, 99_000, 100_500, 99_500);
  const slower = noisy(...before.samples.map((value) => value * 1.25));
  expect(verdictOf(slower, before, wallClockThreshold).kind).toBe("fail");
  expect(verdictOf(noisy(60_000, 125_000, 250_000), before, wallClockThreshold).kind).toBe("ok");
  const tiny = noisy(...before.samples.map((value) => value / 10_000));
  expect(verdictOf(noisy(...slower.samples.map((value) => value / 10_000)), tiny, wallClockThreshold).kind).toBe("ok");
});

test("a wild sample in the baseline, or in the measurement, does not hide a change", () => {
  const before = Array.from({ length: 20 }, (_, index) => 100_000 + 100 * index);
  const slower = before.map((value) => value * 1.25);
  for (const wild of [1e9, 1]) {
    expect(verdictOf(noisy(...slower), noisy(wild, ...before), wallClockThreshold).kind).toBe("fail");
    expect(verdictOf(noisy(wild, ...slower), noisy(...before), wallClockThreshold).kind).toBe("fail");
  }
});

test("a worse measurement never gets a better verdict", () => {
  const rank = { ok: 0, comment: 1, fail: 2, invalid: 3 };
  const value = fc.double({ min: 0, max: 1e6, noNaN: true });
  const edge = fc.option(fc.double({ min: 0, max: 500, noNaN: true }), { nil: undefined });
  fc.assert(
    fc.property(value, value, value, edge, edge, edge, (before, now, more, commentPct, failPct, failP95) => {
      const threshold = Object.fromEntries(
        Object.entries({ commentPct, failPct, failP95 }).filter(([, limit]) => limit !== undefined),
      );
      const verdict = (measured: number): number =>
        rank[verdictOf(metric(measured), metric(before), { worse: "higher", ...threshold }).kind];
      expect(verdict(now + more)).toBeGreaterThanOrEqual(verdict(now));
    }),
  );
});
