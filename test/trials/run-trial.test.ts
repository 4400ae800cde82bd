import { describe, expect, test } from "vitest";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { signatureOf } from "../../src/sim/outcome.ts";
import { runCase, runCaseNow } from "../../src/sim/run-case.ts";
import { runTrial } from "../../src/trials/run-trial.ts";
import { firstSeedOf, type Trial, type TrialResult } from "../../src/trials/trial.ts";
import { toy } from "../campaign/toy-scenarios.ts";

const trial: Trial = {
  mutant: "F01",
  scenario: "counter-racy",
  expects: ["C1"],
  strategy: "random",
  number: 1,
  runsMax: 200,
  cpuMsMax: 1_000,
};

function run(changes: Partial<Trial> = {}, cpuMs: () => number = () => 0): Promise<TrialResult> {
  const scenario = toy(changes.scenario ?? trial.scenario);
  return inMacrotask(() => runTrial({ ...trial, ...changes }, { scenario, runCase: runCaseNow, signatureOf, cpuMs }));
}

describe("a trial", () => {
  test("ends with the first expected failure, whose case fails again", async () => {
    const result = await run();
    expect(result.isFound).toBe(true);
    expect(result.found).toMatchObject({ invariant: "C1", seed: firstSeedOf(trial) + result.runs - 1 });
    const outcome = await runCase(toy("counter-racy"), result.found!.case!);
    expect(signatureOf(outcome.verdict)).toBe(result.found!.signature);
  });

  test("goes on behind failures that are none of those expected, and names them", async () => {
    const result = await run({ expects: ["C2"], runsMax: 30 });
    expect(result).toMatchObject({ isFound: false, runs: 30, otherSignatures: ["C1: counter"] });
  });

  test("gives up after so many runs, or after so much CPU time", async () => {
    expect(await run({ scenario: "counter-locked", runsMax: 7 })).toMatchObject({ isFound: false, runs: 7 });
    let nowMs = 5_000;
    const result = await run({ scenario: "counter-locked" }, () => (nowMs += 100));
    // One look at the clock when it begins, one before each run, one at the end.
    expect(result).toMatchObject({ isFound: false, runs: 9, cpuMs: 1_100 });
  });

  test("begins with a seed of its own, the same one each time", () => {
    const seeds = Array.from({ length: 50 }, (_, index) => firstSeedOf({ ...trial, number: index + 1 }));
    expect(new Set(seeds).size).toBeGreaterThan(45);
    expect(Math.min(...seeds)).toBeGreaterThanOrEqual(1);
    expect(firstSeedOf(trial)).toBe(seeds[0]);
    expect(firstSeedOf({ ...trial, strategy: "pct" })).not.toBe(seeds[0]);
  });
});
