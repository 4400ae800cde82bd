import { expect, test } from "vitest";
import { ratchetAttacks } from "../../scenarios/ratchet-attacks/scenario.ts";
import { outcomeOf, tagsSeen } from "./outcome-of.ts";

const scenario = ratchetAttacks.build();
const forging = scenario.workloads.scripted.find(
  (workload) => (workload as { readonly code?: string }).code === "forges-record",
)!;

test.each([11, 12])("a forged record that was removed stays away when the host crashes in tick %i", async (tick) => {
  const site = `poller-a@0/tick ${tick}/disk.list(claim:EPIC-1)#0`;
  const outcome = await outcomeOf(scenario, forging, [
    { kind: "host-crash", when: "after", restartAfterMs: 5_000, site },
  ]);
  expect(outcome.unused).toEqual([]);
  expect(outcome.verdict).toEqual({ kind: "held" });
  expect([...tagsSeen(outcome)].filter((tag) => tag.endsWith("-failed"))).toEqual([]);
});
