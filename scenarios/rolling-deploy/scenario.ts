import * as fc from "fast-check";
import { drawnFrom, epics } from "../board-world/arbitraries.ts";
import { builtIn } from "../board-world/built-in.ts";
import {
  cutOffByDeployment,
  gaveBackOnStop,
  sideBySide,
  takenOverByNextVersion,
} from "../board-world/deployment-goals.ts";
import { leaseTakenOver, storyDone } from "../board-world/goals.ts";
import { smallEpic } from "../board-world/stories.ts";
import type { Workload } from "../board-world/workload.ts";

const base: Workload = {
  epics: [smallEpic(1, 1)],
  journey: "whole",
  pollers: 2,
  webhookServers: 0,
  pollIntervalMs: 30_000,
  mandatoryFields: false,
  coderNeedsTries: 2,
  plannerMs: 25_000,
  slips: [],
  deployment: { afterMs: 70_000, gapMs: 20_000, graceMs: 30_000, next: {} },
};

const scripted: readonly Workload[] = [
  base,
  {
    ...base,
    webhookServers: 1,
    deployment: { afterMs: 40_000, gapMs: 60_000, graceMs: 60_000, next: { pollIntervalMs: 20_000 } },
  },
  {
    ...base,
    pollers: 1,
    webhookServers: 1,
    deployment: {
      afterMs: 250_000,
      gapMs: 10_000,
      graceMs: 0,
      next: { attemptsPerCauseMax: 6, ralphIterationsMax: 4 },
    },
  },
  {
    ...base,
    deployment: { afterMs: 75_000, gapMs: 60_000, graceMs: 5_000, next: { leaseTtlMs: 20_000 } },
  },
];

const drawn: fc.Arbitrary<Workload> = fc.record({
  epics: epics({ epicsMax: 2, storiesMax: 2 }),
  journey: fc.constantFrom("whole" as const, "planning" as const, "batch" as const),
  pollers: fc.constantFrom(1, 2),
  webhookServers: fc.constantFrom(0, 1, 2),
  pollIntervalMs: fc.constantFrom(20_000, 30_000),
  mandatoryFields: fc.boolean(),
  coderNeedsTries: fc.constantFrom(1, 2),
  plannerMs: fc.constantFrom(400, 25_000, 50_000),
  slips: fc.constant([]),
  deployment: fc.record({
    afterMs: fc.integer({ min: 10, max: 400 }).map((seconds) => seconds * 1_000),
    gapMs: fc.constantFrom(0, 10_000, 60_000, 120_000),
    graceMs: fc.constantFrom(0, 5_000, 20_000, 90_000),
    next: fc.record(
      {
        pollIntervalMs: fc.constantFrom(20_000, 60_000),
        leaseTtlMs: fc.constantFrom(20_000, 30_000, 120_000),
        attemptsPerCauseMax: fc.constantFrom(6, 8),
        ralphIterationsMax: fc.constantFrom(3, 4),
      },
      { requiredKeys: [] },
    ),
  }),
});

/** See README.md. */
export const rollingDeploy = builtIn({
  name: "rolling-deploy",
  about:
    "All orchestrators are stopped one after the other and come back as another version, while cards are in flight.",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (given) => ({ ...base, epics: [given] }),
  faults: {
    families: ["clock", "crash", "delivery"],
    faultsMax: 2,
    faultsUntilMs: 600_000,
    restartAfterMsMax: 5_000,
  },
  sometimes: [takenOverByNextVersion, gaveBackOnStop, cutOffByDeployment, sideBySide, leaseTakenOver, storyDone],
});
