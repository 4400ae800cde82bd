import { describe, expect, test } from "vitest";
import { bestOf, compareMethods, type Measurement } from "../../src/trials/comparison.ts";
import { summarise } from "../../src/trials/summary.ts";
import type { Measured } from "../../src/trials/trial.ts";

const found = (...cpuSeconds: number[]): Measured[] =>
  cpuSeconds.map((seconds) => ({ isFound: true, runs: Math.round(seconds * 100), cpuMs: seconds * 1_000 }));
const givenUp = (count: number): Measured[] =>
  Array.from({ length: count }, () => ({ isFound: false, runs: 3_000, cpuMs: 30_000 }));

describe("a summary", () => {
  test("counts what was given up as more than the cap, and as the cap in the mean", () => {
    const summary = summarise([...found(1, 3), ...givenUp(3)], 30);
    expect(summary).toMatchObject({ trials: 5, found: 2, runs: { median: Infinity, low: 100 } });
    expect(summary.cpuSeconds.median).toBe(Infinity);
    expect(summary.meanCpuSeconds).toBeCloseTo((1 + 3 + 90) / 5, 10);
  });
});

describe("methods against a reference", () => {
  const measurements: readonly Measurement[] = [
    { mutant: "F01", method: "ours", results: found(1, 1.1, 1.2, 1.3, 1.4) },
    { mutant: "F01", method: "slow", results: found(10, 11, 12, 13, 14) },
    { mutant: "F01", method: "never", results: givenUp(5) },
    { mutant: "F02", method: "ours", results: found(2, 2, 2, 2, 2) },
    { mutant: "F02", method: "slow", results: found(2, 2, 2, 2, 2) },
    { mutant: "F03", method: "slow", results: found(1) },
  ];
  const compared = compareMethods(measurements, { reference: "ours", horizonSeconds: 30 });

  test("are compared where both were tried", () => {
    expect(compared.comparisons.map(({ mutant, method }) => `${mutant} ${method}`)).toEqual([
      "F01 slow",
      "F01 never",
      "F02 slow",
    ]);
  });

  test("have ratios of their mean CPU times, and p values that are corrected for all three together", () => {
    const [slow, never, same] = compared.comparisons;
    expect(slow!.ratio).toBeCloseTo(10, 10);
    expect(never!.ratio).toBeCloseTo(25, 10);
    expect(same).toMatchObject({ ratio: 1, cpuP: 1, runsP: 1 });
    // Two of 252 splits are as extreme, three times.
    expect(slow!.cpuP).toBeCloseTo(6 / 252, 10);
    expect(slow!.runsP).toBeCloseTo(6 / 252, 10);
  });

  test("have a geometric mean over mutants", () => {
    expect(compared.means.map(({ method }) => method)).toEqual(["slow", "never"]);
    expect(compared.means[0]!.mean.ratio).toBeCloseTo(Math.sqrt(10), 10);
  });

  test("the best of several is the one with the least mean, for each mutant", () => {
    const best = bestOf(
      measurements.filter(({ method }) => method !== "ours"),
      30,
    );
    expect(best.map(({ mutant, method }) => `${mutant} ${method}`)).toEqual(["F01 slow", "F02 slow", "F03 slow"]);
  });
});
