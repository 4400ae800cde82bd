import { describe, expect, test } from "vitest";
import { concurrentOrchestrators } from "../../scenarios/concurrent-orchestrators/scenario.ts";
import { builtInMutants, scenarioWith } from "../../scenarios/index.ts";
import { Explorer } from "../../src/explore/explorer.ts";
import type { Violation } from "../../src/invariants/invariant.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { defaultPolicies } from "../../src/orchestrator/orchestrator.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Scenario } from "../../src/sim/scenario.ts";
import { outcomeOf } from "./outcome-of.ts";

/** Shown by one fault at one place, which few seeds draw: the adversarial lane has a case of each. */
const rarelyFound = new Set([
  ...["F08c", "F09", "F12", "F16", "F22", "F23", "F24", "F26", "F34", "F47", "F49", "F59", "F63", "F64", "F65", "F70"],
  ...["F79", "F86", "F93"],
]);
const oftenFound = builtInMutants.filter(({ id }) => !rarelyFound.has(id));
const seedsMax = 300;

test.each(oftenFound)("$id: $title: is found in $scenario", async ({ id, scenario: name, expects }) => {
  const violation = await find(scenarioWith(name, { mutant: id }), (invariant) => expects.includes(invariant));
  expect(violation?.invariant).toBeOneOf([...expects]);
  expect(violation?.message).toMatch(/^\S.*\.$/s);
});

/** The first violation that is wanted, among the first seeds. */
async function find(scenario: Scenario, isWanted: (invariant: string) => boolean): Promise<Violation | undefined> {
  const explorer = new Explorer(scenario, "random", runCaseNow);
  for (let seed = 0; seed < seedsMax; seed++) {
    const { verdict } = await inMacrotask(() => {
      const plan = explorer.plan(seed);
      return runCaseNow(scenario, plan.case, plan.exploration);
    });
    if (verdict.kind === "violated" && isWanted(verdict.violation.invariant)) return verdict.violation;
  }
  return undefined;
}

describe("a system that evades all other rules", () => {
  const workload = concurrentOrchestrators.build().workloads.scripted[0]!;

  test("by doing nothing is found at the end of any run", async () => {
    const idle = concurrentOrchestrators.build({
      policies: { ...defaultPolicies, claim: { acquire: () => Promise.resolve({ kind: "busy" }) } },
    });
    expect((await outcomeOf(idle, workload)).verdict).toMatchObject({ violation: { invariant: "V1" } });
  });

  test("by marking every card as failed is found at the end of any run", async () => {
    const refusing = concurrentOrchestrators.build({
      policies: { ...defaultPolicies, limits: { ...defaultPolicies.limits, childrenPerEpicMax: 0 } },
    });
    expect((await outcomeOf(refusing, workload)).verdict).toMatchObject({ violation: { invariant: "V1" } });
  });
});
