import { beforeAll, expect, test } from "vitest";
import { Explorer } from "../../src/explore/explorer.ts";
import { withoutDelays } from "../../src/explain/without-delays.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { signatureOf } from "../../src/sim/outcome.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import { toy } from "../campaign/toy-scenarios.ts";

beforeAll(() => installGuards());

test("what late steps brought about, waiting brings about: of the same order, the same failure", async () => {
  const scenario = toy("counter-racy");
  const explorer = new Explorer(scenario, "timed", runCaseNow);
  const { failed, failsAgain } = await inMacrotask(() => {
    const counts = { failed: 0, failsAgain: 0 };
    for (let seed = 0; seed < 400; seed++) {
      const plan = explorer.plan(seed);
      const outcome = runCaseNow(scenario, plan.case, plan.exploration);
      const input = outcome.realised();
      if (outcome.verdict.kind !== "violated" || input.delays.length === 0) continue;
      counts.failed++;
      const undelayed = withoutDelays(input, scenario, runCaseNow);
      expect(undelayed.delays).toEqual([]);
      // It replays from what it says.
      const again = runCaseNow(scenario, undelayed);
      if (signatureOf(again.verdict) === signatureOf(outcome.verdict)) counts.failsAgain++;
    }
    return counts;
  });
  expect(failed).toBeGreaterThan(0);
  expect(failsAgain).toBeGreaterThan(failed / 2);
});
