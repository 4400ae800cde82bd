import * as fc from "fast-check";
import { drawnFrom, epics } from "../board-world/arbitraries.ts";
import { builtIn } from "../board-world/built-in.ts";
import { crashed, leaseTakenOver, resumedRun, storyDone, hostCrashed } from "../board-world/goals.ts";
import { smallEpic } from "../board-world/stories.ts";
import type { Workload } from "../board-world/workload.ts";

const base: Workload = {
  epics: [smallEpic(1, 1)],
  journey: "whole",
  pollers: 1,
  webhookServers: 1,
  pollIntervalMs: 30_000,
  mandatoryFields: false,
  coderNeedsTries: 1,
  slips: [],
};

const scripted: readonly Workload[] = [
  base,
  { ...base, journey: "fan-out", epics: [smallEpic(1, 3)], webhookServers: 0, mandatoryFields: true },
  { ...base, journey: "planning", pollers: 2, webhookServers: 0 },
  { ...base, journey: "batch", epics: [smallEpic(1, 2)], webhookServers: 0, coderNeedsTries: 2 },
];

const drawn: fc.Arbitrary<Workload> = fc.record({
  epics: epics({ epicsMax: 1, storiesMax: 2 }),
  journey: fc.constantFrom("planning" as const, "fan-out" as const, "batch" as const, "whole" as const),
  pollers: fc.constantFrom(1, 2),
  webhookServers: fc.constantFrom(0, 1),
  pollIntervalMs: fc.constantFrom(20_000, 30_000),
  mandatoryFields: fc.boolean(),
  coderNeedsTries: fc.constantFrom(1, 2),
  slips: fc.constant([]),
});

/** See README.md. */
export const crashAnywhere = builtIn({
  name: "crash-anywhere",
  about: "Processes are killed and their host loses power, at any step, again and again.",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (epic) => ({ ...base, epics: [epic] }),
  faults: {
    families: ["crash"],
    faultsMax: 4,
    faultsUntilMs: 600_000,
    restartAfterMsMax: 5_000,
  },
  sometimes: [crashed, hostCrashed, resumedRun, leaseTakenOver, storyDone],
});
