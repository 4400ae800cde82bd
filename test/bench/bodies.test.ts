import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { BenchModule, BenchOutcome } from "../../src/bench/bench-module.ts";
import type { Metrics } from "../../src/bench/verdict.ts";
import { summarise } from "../../src/bench/sample-summary.ts";
import { benches } from "./bodies/index.ts";

/** One iteration for real; time passes only where a bench is made to spend it. */
function runOnce(bench: BenchModule, burden: number): Promise<BenchOutcome> {
  let ns = 0n;
  return bench.run({
    iterations: 1,
    warmUps: 0,
    nowNs: () => ns,
    burden,
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

describe.for(benches.map((bench) => [bench.name, bench] as const))("%s", ([, bench]) => {
  test("does its work, and has figures", { timeout: 60_000 }, async () => {
    const metrics = metricsOf(await runOnce(bench, 0));
    expect(Object.keys(metrics).length).toBeGreaterThan(0);
    for (const { samples, isDeterministic, unit } of Object.values(metrics)) {
      expect(samples).toHaveLength(1);
      expect(isDeterministic).toBe(bench.lane === "deterministic");
      expect(unit).not.toBe("");
    }
  });

  test("has figures that all rise with what it is given to do", { timeout: 60_000 }, async () => {
    const usual = metricsOf(await runOnce(bench, 0));
    const more = metricsOf(await runOnce(bench, 3));
    expect(Object.keys(more)).toEqual(Object.keys(usual));
    for (const [name, { samples }] of Object.entries(more)) {
      expect(summarise(samples).p50, name).toBeGreaterThan(summarise(usual[name]!.samples).p50);
    }
  });
});

test("the figures of the deterministic lane are the same twice", { timeout: 60_000 }, async () => {
  for (const bench of benches.filter(({ lane }) => lane === "deterministic")) {
    expect(await runOnce(bench, 0)).toEqual(await runOnce(bench, 0));
  }
});
