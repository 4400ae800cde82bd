import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { BenchModule, BenchOutcome } from "../../src/bench/bench-module.ts";
import { change, type Metrics } from "../../src/bench/verdict.ts";
import { thresholdOf } from "../../src/bench/thresholds.ts";
import { benches } from "./bodies/index.ts";

/** One iteration for real; time passes only where a bench is made to spend it. */
function runOnce(bench: BenchModule, burden: number): Promise<BenchOutcome> {
  let ns = 0n;
  return bench.run({
    iterations: 1,
    warmUps: 0,
    nowNs: () => ns,
    burden,
    isStill: true,
    spend: (spentNs) => {
      ns += BigInt(spentNs);
    },
  });
}

function metricsOf(outcome: BenchOutcome): Metrics {
  if (outcome.kind === "invalid") throw new Error(outcome.why);
  return outcome.metrics;
}

test("every file of benchmarks is in the list, and every benchmark has a name of its own", () => {
  const folder = new URL("bodies/", import.meta.url);
  const index = readFileSync(new URL("index.ts", folder), "utf8");
  const files = readdirSync(folder).filter((name) => name !== "index.ts");
  expect(files.filter((name) => !index.includes(`from "./${name}"`))).toEqual([]);
  expect(new Set(benches.map(({ name }) => name)).size).toBe(benches.length);
});

/** What each does undisturbed, measured once. */
const usual = new Map<BenchModule, Promise<Metrics>>();

function usualOf(bench: BenchModule): Promise<Metrics> {
  const metrics = usual.get(bench) ?? runOnce(bench, 0).then(metricsOf);
  usual.set(bench, metrics);
  return metrics;
}

describe.for(benches.map((bench) => [bench.name, bench] as const))("%s", ([, bench]) => {
  test("does its work, and has the figures that it names", { timeout: 60_000 }, async () => {
    const metrics = await usualOf(bench);
    expect(Object.keys(metrics)).toEqual(bench.metrics);
    expect(bench.metrics.length).toBeGreaterThan(0);
    for (const { samples, isDeterministic, unit } of Object.values(metrics)) {
      expect(samples).toHaveLength(1);
      expect(isDeterministic).toBe(bench.lane === "deterministic");
      expect(unit).not.toBe("");
    }
  });

  test("has figures that all get worse with what it is given to do", { timeout: 60_000 }, async () => {
    const before = await usualOf(bench);
    const more = metricsOf(await runOnce(bench, 3));
    expect(Object.keys(more)).toEqual(bench.metrics);
    for (const [name, metric] of Object.entries(more)) {
      expect(change(metric, before[name]!, thresholdOf(name, metric)).worsening, name).toBeGreaterThan(0);
    }
  });
});

const deterministic = benches.filter(({ lane }) => lane === "deterministic");

test.for(deterministic.map((bench) => [bench.name, bench] as const))(
  "%s has the same figures twice",
  { timeout: 60_000 },
  async ([, bench]) => {
    expect(metricsOf(await runOnce(bench, 0))).toEqual(await usualOf(bench));
  },
);
