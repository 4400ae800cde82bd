import { describe, expect, test } from "vitest";
import { facts } from "../../scenarios/board-world/settings.ts";
import { laneByLane, referenceWorkloads } from "../../scenarios/lane-by-lane/scenario.ts";
import { emptyCase } from "../../src/explore/explorer.ts";
import type { Fault } from "../../src/faults/fault.ts";
import { differencesOf, endStateOf, type EndState } from "../../src/invariants/end-state.ts";
import { faultBudget } from "../../src/invariants/fault-budget.ts";
import { signatureOf, type Outcome } from "../../src/sim/outcome.ts";
import { runCase } from "../../src/sim/run-case.ts";

const scenario = laneByLane.build();
/** One orchestrator: nobody goes on for it. */
const alone = { ...referenceWorkloads.planning, webhookServers: 0 };
const run = "poller-a@0/card EPIC-1 lane 2 attempt 1";
const hour = 3_600_000;

describe("an orchestrator alone survives, for as long as the budget says,", () => {
  const longest = (kind: string): number => faultBudget.find(({ kinds }) => kinds.includes(kind))!.longestMs!;

  test.each<[string, Fault]>([
    ["that its provider is away", outageOfProvider(longest("partition"))],
    [
      "that the board is away",
      {
        kind: "partition",
        direction: "both",
        durationMs: longest("partition"),
        site: `${run}/board.setTaskTags(EPIC-1)#0`,
      },
    ],
    ["a full disk", { kind: "disk-full", durationMs: longest("disk-full"), site: `${run}/disk.write(epic-1/owner)#0` }],
    ["a pause", { kind: "pause", durationMs: longest("pause"), site: `${run}/board.setTaskTags(EPIC-1)#0` }],
    [
      "that its host is down",
      {
        kind: "host-crash",
        when: "during",
        restartAfterMs: longest("host-crash"),
        site: `${run}/disk.write(epic-1/owner)#0`,
      },
    ],
  ])("%s", async (_what, fault) => {
    const outcome = await runWith([fault]);
    expect(outcome.unused).toEqual([]);
    expect(signatureOf(outcome.verdict)).toBe("held");
    expect(differencesOf(endOf(await runWith([])), endOf(outcome))).toEqual([]);
  });
});

test("beyond it the card shows the failure with a reason, and nothing else of it is lost", async () => {
  const outcome = await runWith([outageOfProvider(hour)]);
  expect(signatureOf(outcome.verdict)).toBe("held");
  const end = endOf(outcome);
  expect(end.get("card EPIC-1: tags")).toBe("design-failed");
  expect([...end.keys()].filter((name) => name.startsWith("card EPIC-1: comment"))).toHaveLength(1);
  expect(end.get("card EPIC-1: field dirname")).toBe("epic-1");
});

function outageOfProvider(durationMs: number): Fault {
  return {
    kind: "partition",
    direction: "both",
    durationMs,
    site: `${run}/model.complete(planner/EPIC-1/design)#0`,
  };
}

function runWith(faults: readonly Fault[]): Promise<Outcome> {
  return runCase(scenario, { ...emptyCase(scenario, 0, alone), faults });
}

function endOf(outcome: Outcome): EndState {
  return endStateOf(facts, outcome.history.events, "text");
}
