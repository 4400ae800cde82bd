import * as fc from "fast-check";
import { drawnFrom, epics } from "../board-world/arbitraries.ts";
import { builtIn } from "../board-world/built-in.ts";
import { diskFilled, resumedRun, storyDone } from "../board-world/goals.ts";
import { smallEpic } from "../board-world/stories.ts";
import type { Workload } from "../board-world/workload.ts";

const base: Workload = {
  epics: [smallEpic(1, 1)],
  journey: "whole",
  pollers: 1,
  webhookServers: 0,
  pollIntervalMs: 30_000,
  mandatoryFields: false,
  coderNeedsTries: 1,
  slips: [],
};

const scripted: readonly Workload[] = [base, { ...base, journey: "fan-out", epics: [smallEpic(1, 2)] }];

const drawn: fc.Arbitrary<Workload> = fc.record({
  epics: epics({ epicsMax: 1, storiesMax: 2 }),
  journey: fc.constantFrom("planning" as const, "fan-out" as const, "whole" as const),
  pollers: fc.constantFrom(1, 2),
  webhookServers: fc.constantFrom(0, 1),
  pollIntervalMs: fc.constantFrom(20_000, 30_000),
  mandatoryFields: fc.boolean(),
  coderNeedsTries: fc.constantFrom(1, 2),
  slips: fc.constant([]),
});

/** See README.md. */
export const diskFull = builtIn({
  name: "disk-full",
  about: "The disk fills up in the middle of the work, and has room again later.",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (epic) => ({ ...base, epics: [epic] }),
  faults: {
    families: ["disk"],
    faultsMax: 4,
    faultsUntilMs: 600_000,
    outagesMs: [5_000, 60_000, 240_000],
    restartAfterMsMax: 5_000,
  },
  sometimes: [diskFilled, resumedRun, storyDone],
});
