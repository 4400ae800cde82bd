import { describe, expect, test } from "vitest";
import { emptyCase } from "../../src/explore/explorer.ts";
import type { Case } from "../../src/sim/case.ts";
import { runCase } from "../../src/sim/run-case.ts";
import type { Scenario } from "../../src/sim/scenario.ts";
import { simTest } from "../../src/vitest/stormlane.ts";
import { toy } from "../campaign/toy-scenarios.ts";

const racy = toy("counter-racy");
const good: Case = emptyCase(racy, 1, 1);
const bad: Case = {
  ...good,
  preemptions: [
    {
      site: "left@0/main/disk.write(/counter)#0",
      step: 0,
      until: { site: "right@0/main/disk.readText(/counter)#0", step: 0 },
    },
  ],
};
const kept = {
  stormlane: "0.1.0",
  format: 1,
  case: bad,
  expected: { signature: "C1: counter", invariant: "C1", message: "" },
  foundBy: { seed: 1, strategy: "pct" },
};

// Beside tests of another kind, in a suite with settings of its own.
simTest("a counter under a lock loses no update", { scenario: toy("counter-locked"), seeds: 20 });

async function messageOf(assertion: () => Promise<void> | void): Promise<string> {
  try {
    await assertion();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("toHold", () => {
  test("holds of an outcome, and of a case with its scenario", async () => {
    expect(await runCase(racy, good)).toHold();
    await expect(runCase(racy, good)).resolves.toHold();
    await expect(good).toHold(racy);
    expect(await runCase(racy, bad)).not.toHold();
    await expect(bad).not.toHold(racy);
  });

  test("fails with the story of the run and the command of this test", async () => {
    const outcome = await runCase(racy, bad);
    const message = await messageOf(() => expect(outcome).toHold());
    expect(message).toContain("FAILED  counter-racy: C1: counter");
    expect(message).toContain("preemption: left writes /counter only after right reads /counter");
    expect(message).toMatch(/ {2}> .* notes counter\.written/);
    expect(message).toMatch(
      / {2}replay: npx vitest run test\/vitest\/to-hold\.test\.ts -t '\^toHold > fails with the story of the run and the command of this test\$'$/,
    );
    expect(await messageOf(() => expect(bad).toHold(racy))).toBe(message);
    expect(await messageOf(() => expect(kept).toHold(racy))).toBe(message);
  });

  test("says in how many steps a run held that should not", async () => {
    const outcome = await runCase(racy, good);
    const words = `expected the run not to hold, and it did, in ${outcome.stats.steps} steps`;
    expect(await messageOf(() => expect(outcome).not.toHold())).toBe(words);
  });

  test("does not take a run for one that held which came to a limit", async () => {
    const short: Scenario = { ...racy, bounds: { stepsMax: 2, virtualMsMax: 1_000 } };
    const message = await messageOf(() => expect(good).toHold(short));
    expect(message).toContain("FAILED  counter-racy: limit: stepsMax: the run reached stepsMax, ");
    expect(message).toContain("raise the bounds of the scenario");
  });

  test.each<[string, unknown, unknown, string]>([
    ["no scenario", good, undefined, "toHold: scenario: is none: it is undefined"],
    ["something else than a case", "claim-race:17", racy, "and got claim-race:17; await the outcome"],
    ["a promise", runCase(racy, good), racy, "toHold: expects the outcome of runCase"],
    [
      "a workload of another scenario",
      { ...good, workload: {} },
      racy,
      "the workload of the case: not a number of rounds",
    ],
    ["a file that is damaged", { ...kept, case: { ...bad, faults: 3 } }, racy, "toHold: is damaged: case.faults"],
  ])("says what is wrong with %s", async (_, received, scenario, words) => {
    expect(await messageOf(() => expect(received).toHold(scenario as Scenario))).toContain(words);
  });
});
