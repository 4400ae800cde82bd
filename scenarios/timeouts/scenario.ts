import * as fc from "fast-check";
import { sampleProgramFaults } from "../../fakes/cli/program-fault.ts";
import { serviceFaultNames } from "../../fakes/llm/service-fault.ts";
import { drawnFrom, epics, harmlessSlips } from "../board-world/arbitraries.ts";
import { builtIn } from "../board-world/built-in.ts";
import { fileRestored, leaseTakenOver, resumedRun, storyDone, timedOutInFlight } from "../board-world/goals.ts";
import { smallEpic } from "../board-world/stories.ts";
import type { Workload } from "../board-world/workload.ts";

const base: Workload = {
  epics: [smallEpic(1, 1)],
  journey: "whole",
  pollers: 1,
  webhookServers: 1,
  pollIntervalMs: 30_000,
  mandatoryFields: false,
  coderNeedsTries: 2,
  slips: [],
};

const scripted: readonly Workload[] = [
  base,
  {
    ...base,
    journey: "planning",
    pollers: 2,
    webhookServers: 0,
    // The file goes after the plan is made, and before the card comes back to the lane that writes it.
    pollIntervalMs: 60_000,
    slips: [
      { kind: "approved-file", dirname: "epic-1", path: "DESIGN.md", deed: "delete", afterMs: 75_000 },
      { kind: "move-back", card: "EPIC-1", lane: 4, to: 2 },
    ],
  },
  {
    ...base,
    webhookServers: 0,
    slips: [
      { kind: "label", card: "EPIC-1/S1", lane: 8, tag: "urgent" },
      { kind: "approved-file", dirname: "epic-1", path: "tests/test_S1.py", deed: "edit", afterMs: 10_000 },
    ],
  },
];

const drawn: fc.Arbitrary<Workload> = fc.record({
  epics: epics({ epicsMax: 1, storiesMax: 2 }),
  journey: fc.constantFrom("whole" as const, "whole" as const, "planning" as const),
  pollers: fc.constantFrom(1, 2),
  webhookServers: fc.constantFrom(0, 1),
  pollIntervalMs: fc.constantFrom(20_000, 30_000, 60_000),
  mandatoryFields: fc.boolean(),
  coderNeedsTries: fc.constantFrom(1, 2),
  slips: harmlessSlips,
});

/** See README.md. */
export const timeouts = builtIn({
  name: "timeouts",
  about: "Services, programs and disks are slow, hang, or stop in the middle; time limits and leases run out.",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (epic) => ({ ...base, epics: [epic] }),
  faults: {
    families: ["delivery", "model", "program", "disk", "clock"],
    faultsMax: 3,
    faultsUntilMs: 600_000,
    serviceFaults: { model: serviceFaultNames },
    programBehaviours: sampleProgramFaults,
    restartAfterMsMax: 5_000,
  },
  sometimes: [timedOutInFlight, leaseTakenOver, resumedRun, fileRestored, storyDone],
});
