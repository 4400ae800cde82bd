import { describe, expect, test } from "vitest";
import {
  historyMax,
  incomparable,
  parseBaseline,
  refreshed,
  trendOf,
  type Baseline,
  type BaselineOrigin,
} from "../../src/bench/baseline.ts";
import { checkClaim, parseClaim } from "../../src/bench/claim.ts";
import { deterministicThreshold, evaluate, type Metrics } from "../../src/bench/verdict.ts";

const origin: BaselineOrigin = {
  at: "2026-01-05T09:00:00.000Z",
  by: "Ada",
  reason: "first measurement",
  commit: "0123456789abcdef0123456789abcdef01234567",
  hostClass: "linux-x64-2cpu",
  node: "v24.21.0",
  operatingSystem: "Debian 12",
};

function calls(...samples: readonly number[]): Metrics {
  return { "calls per run": { unit: "calls", isDeterministic: true, samples } };
}

function refresh(before: Baseline | undefined, metrics: Metrics, at = origin.at): Baseline {
  const verdict = evaluate(metrics, before?.metrics ?? {}, () => deterministicThreshold);
  return refreshed(before, metrics, { ...origin, at }, verdict);
}

describe("a baseline file", () => {
  const baseline = refresh(undefined, calls(12));

  test("is read as it was written", () => {
    expect(parseBaseline(JSON.stringify(baseline))).toEqual(baseline);
  });

  test.for(Object.keys(origin))("without %s is refused by that name", (key) => {
    const { [key]: _, ...rest } = baseline.origin as Record<string, unknown>;
    expect(parseBaseline(JSON.stringify({ ...baseline, origin: rest }))).toMatchObject({
      wrong: [expect.stringContaining(`origin.${key}`)],
    });
  });

  test.for([
    ["a local time", { at: "2026-01-05T09:00:00" }, "origin.at"],
    ["a time of another zone", { at: "2026-01-05T09:00:00+02:00" }, "origin.at"],
    ["an empty reason", { reason: "  " }, "origin.reason"],
    ["a commit that is none", { commit: "main" }, "origin.commit"],
  ] as const)("with %s is refused", ([, change, place]) => {
    const text = JSON.stringify({ ...baseline, origin: { ...origin, ...change } });
    expect(parseBaseline(text)).toMatchObject({ wrong: [expect.stringContaining(place)] });
  });

  test("that is no JSON, or has no samples, says so", () => {
    expect(parseBaseline("{")).toMatchObject({ wrong: [expect.stringContaining("not JSON")] });
    const empty = { ...baseline, metrics: calls() };
    expect(parseBaseline(JSON.stringify(empty))).toMatchObject({ wrong: [expect.stringContaining("samples")] });
  });
});

test("a refresh that accepts a worse value keeps the verdict that it hid", () => {
  const first = refresh(undefined, calls(10));
  const second = refresh(first, calls(20), "2026-01-06T09:00:00.000Z");
  expect(second.history.map(({ verdict }) => verdict)).toEqual(["fail", "first"]);
  expect(second.history[0]!.reasons).toEqual([expect.stringContaining("fail: calls per run 20 calls instead of 10")]);
  expect(trendOf(second, "calls per run")).toEqual([
    { at: "2026-01-06T09:00:00.000Z", reason: origin.reason, median: 20 },
    { at: origin.at, reason: origin.reason, median: 10 },
  ]);
});

test("a refresh of some metrics keeps the others, and the history says which were measured when", () => {
  const other = { bytes: { unit: "bytes", isDeterministic: true, samples: [7] } };
  const first = refreshed(undefined, { ...calls(10), ...other }, origin, { kind: "ok" });
  const second = refreshed(first, calls(11), origin, { kind: "ok" }, { keepsOthers: true });
  expect(second.metrics).toEqual({ ...calls(11), ...other });
  expect(second.history.map(({ medians }) => medians)).toEqual([
    { "calls per run": 11 },
    { bytes: 7, "calls per run": 10 },
  ]);
  expect(Object.keys(refreshed(first, calls(11), origin, { kind: "ok" }).metrics)).toEqual(["calls per run"]);
});

test("only the newest refreshes are kept, and all of them make a file that can be read", () => {
  let baseline = refresh(undefined, calls(1));
  for (let count = 2; count <= historyMax + 5; count++) baseline = refresh(baseline, calls(count));
  expect(baseline.history).toHaveLength(historyMax);
  expect(trendOf(baseline, "calls per run")[0]!.median).toBe(historyMax + 5);
  expect(parseBaseline(JSON.stringify(baseline))).toEqual(baseline);
});

test("measurements of other machines or another Node cannot be compared", () => {
  expect(incomparable(origin, { ...origin, node: "v24.1.0" })).toBeUndefined();
  expect(incomparable(origin, { ...origin, node: "v22.23.3" })).toContain("v22.23.3");
  expect(incomparable({ ...origin, hostClass: "darwin-arm64-8cpu" }, origin)).toContain("darwin-arm64-8cpu");
});

describe("a claim", () => {
  test.for([
    ["calls per run -60 %", { metric: "calls per run", percent: -60 }],
    ["calls per run +2.5%", { metric: "calls per run", percent: 2.5 }],
    ["calls per run 60 %", undefined],
    ["faster", undefined],
    ["-60 %", undefined],
  ] as const)("%s", ([text, claim]) => {
    expect(parseClaim(text)).toEqual(claim);
  });

  test.for([
    [-60, 40, "true"],
    [-60, 41, "false"],
    [10, 110, "true"],
    [10, 109, "false"],
    [-60, 160, "false"],
  ] as const)("of %d %% when 100 became %d is %s", ([percent, after, kind]) => {
    const result = checkClaim({ metric: "calls per run", percent }, calls(100), calls(after));
    expect(result).toEqual({ kind, measuredPercent: after - 100 });
  });

  test("of what was not measured, or was 0, is unknown", () => {
    const claim = { metric: "calls per run", percent: -10 };
    expect(checkClaim(claim, {}, calls(1))).toMatchObject({ kind: "unknown" });
    expect(checkClaim(claim, calls(0), calls(1))).toMatchObject({ kind: "unknown" });
  });
});
