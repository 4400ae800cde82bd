import { beforeAll, expect, test } from "vitest";
import { scripted } from "../../src/define/scripted.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { runCase } from "../../src/sim/run-case.ts";
import { scenarioWith } from "../../scenarios/index.ts";

beforeAll(installGuards);

const base = scenarioWith("partial-spawn", {});
const workload = base.workloads.scripted[0]!;
const site = "poller-a@0/card EPIC-1 lane 5 attempt 1/board.createTask(EPIC-1/S2)#0";

test("a scripted scenario has the same faults in every run, and none of them in its cases", async () => {
  const scenario = scripted(base, { name: "lost-request", workload, faults: [{ kind: "request-lost", site }] });
  const input = { scenario: "lost-request", drawSeed: 3, workload, faults: [], preemptions: [], delays: [] };
  const { history, realised } = await runCase(scenario, input);
  expect(history.events.filter(({ kind }) => kind === "fault")).toMatchObject([
    { site, fault: "request-lost", effect: "none" },
  ]);
  expect(realised()).toEqual(input);
  expect((await runCase(scenario, realised())).history.hash()).toBe(history.hash());
});

test("a workload that the scenario does not take is refused where it is written", () => {
  expect(() => scripted(base, { name: "odd", workload: { epics: [] } })).toThrow(/^scripted "odd": workload: /);
});
