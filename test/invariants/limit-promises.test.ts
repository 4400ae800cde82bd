import { beforeAll, describe, expect, test } from "vitest";
import { facts } from "../../scenarios/board-world/settings.ts";
import { smallEpic } from "../../scenarios/board-world/stories.ts";
import type { Workload } from "../../scenarios/board-world/workload.ts";
import { concurrentOrchestrators } from "../../scenarios/concurrent-orchestrators/scenario.ts";
import { emptyCase } from "../../src/explore/explorer.ts";
import type { HistoryEvent } from "../../src/history/event.ts";
import { boardInvariants } from "../../src/invariants/board-invariants.ts";
import type { PromisedLimits } from "../../src/invariants/facts.ts";
import { Panel } from "../../src/invariants/panel.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";

const workload: Workload = {
  epics: [smallEpic(1, 3)],
  journey: "whole",
  pollers: 1,
  webhookServers: 0,
  pollIntervalMs: 20_000,
  mandatoryFields: false,
  coderNeedsTries: 2,
  slips: [],
};

let events: readonly HistoryEvent[];
beforeAll(async () => {
  const scenario = concurrentOrchestrators.build();
  events = await inMacrotask(() => runCaseNow(scenario, emptyCase(scenario, 1, workload)).history.events);
});

/** The limits that the history of an undisturbed epic breaks, when so much is promised. */
function brokenBy(promised: Partial<PromisedLimits>): ReadonlySet<string> {
  const invariants = boardInvariants({ ...facts, limits: { ...facts.limits, ...promised } });
  const panel = new Panel(
    invariants.filter(({ id }) => id.startsWith("L")),
    [],
    () => {},
  );
  events.forEach((event, index) => panel.observe(event, index));
  panel.finish({ atUs: events.at(-1)!.atUs });
  for (const [id, checked] of Object.entries(panel.checked())) expect(checked, id).toBeGreaterThan(0);
  return new Set(panel.violations.map(({ invariant }) => invariant));
}

describe("an undisturbed epic of three stories, each of which needs two fixes", () => {
  test("breaks no limit that the core promises", () => {
    expect(brokenBy({})).toEqual(new Set());
  });

  test.each<[string, Partial<PromisedLimits>, Partial<PromisedLimits>]>([
    ["L1", { childrenPerEpicMax: 3 }, { childrenPerEpicMax: 2 }],
    ["L2", { attemptsPerCauseMax: 1 }, { attemptsPerCauseMax: 0 }],
    ["L3", { ralphIterationsMax: 2 }, { ralphIterationsMax: 1 }],
    ["L4", { stepMsMax: 300_000 }, { stepMsMax: 100 }],
    ["L5", { traceBytesPerRunMax: 100_000 }, { traceBytesPerRunMax: 100 }],
    ["L6", { traceFilesMax: 100 }, { traceFilesMax: 3 }],
    ["L6", { traceBytesKeptMax: 1_000_000 }, { traceBytesKeptMax: 1_000 }],
    ["L7", { promptTokensMax: 10_000 }, { promptTokensMax: 100 }],
    ["L8", { boardCallsPerRunMax: 30 }, { boardCallsPerRunMax: 10 }],
  ])("breaks %s when less is promised than it takes, and it alone", (id, enough, less) => {
    expect(brokenBy(enough)).toEqual(new Set());
    expect(brokenBy(less)).toEqual(new Set([id]));
  });
});
