import { expect, test } from "vitest";
import { smallEpic } from "../../scenarios/board-world/stories.ts";
import { refuseWorkload, type Workload } from "../../scenarios/board-world/workload.ts";
import type { JsonValue } from "../../src/base/json.ts";

const workload: Workload = {
  epics: [smallEpic(1, 1)],
  journey: "whole",
  pollers: 1,
  webhookServers: 0,
  pollIntervalMs: 30_000,
  mandatoryFields: false,
  coderNeedsTries: 1,
  slips: [],
};

test("a workload that is one is accepted", () => {
  expect(refuseWorkload(workload)).toBeUndefined();
});

test("what is no workload is refused with the place that is wrong", () => {
  const refusals: readonly (readonly [JsonValue, RegExp])[] = [
    [null, /^the workload: /],
    [[], /^the workload: /],
    [{ ...workload, journey: "home" }, /^journey: /],
    [{ ...workload, pollers: 4 }, /^pollers: /],
    [{ ...workload, pollers: 1.5 }, /^pollers: /],
    [{ ...workload, epics: [] }, /^epics: /],
    [{ ...workload, epics: [{ ...smallEpic(1, 1), reference: "a/b" }] }, /^epics\.0\.reference: /],
    [{ ...workload, slips: [{ kind: "nap" }] }, /^slips\.0/],
    [{ ...workload, colour: "blue" }, /colour/],
  ];
  for (const [value, reason] of refusals) expect(refuseWorkload(value)).toMatch(reason);
});

test("epics that cannot be told apart, and a system without orchestrators, are refused", () => {
  expect(refuseWorkload({ ...workload, epics: [smallEpic(1, 1), smallEpic(1, 2)] })).toMatch(/one reference/);
  const same = { ...smallEpic(2, 1), dirname: "epic-1" };
  expect(refuseWorkload({ ...workload, epics: [smallEpic(1, 1), same] })).toMatch(/one dirname/);
  expect(refuseWorkload({ ...workload, pollers: 0 })).toMatch(/at least one orchestrator/);
});
