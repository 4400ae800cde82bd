import * as fc from "fast-check";
import { drawnFrom, epics } from "../board-world/arbitraries.ts";
import { builtIn } from "../board-world/built-in.ts";
import { boardRefused, cardCopied, resumedRun, storyDone } from "../board-world/goals.ts";
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

const scripted: readonly Workload[] = [
  base,
  { ...base, journey: "fan-out", epics: [smallEpic(1, 3)], mandatoryFields: true },
  // People typed one key too many: the card must say so.
  { ...base, journey: "planning", epics: [{ ...smallEpic(1, 1), dirname: "epic-1\n" }] },
];

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
export const boardRejects = builtIn({
  name: "board-rejects",
  about: "The board answers with errors, false and locked databases, and drops credentials for a while.",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (epic) => ({ ...base, epics: [epic] }),
  faults: {
    families: ["board", "delivery"],
    faultsMax: 4,
    faultsUntilMs: 600_000,
    seams: ["board"],
    serviceFaults: { board: ["database-locked", "database-locked-after-effect", "refused", "unauthorized"] },
    restartAfterMsMax: 5_000,
  },
  sometimes: [boardRefused, resumedRun, cardCopied, storyDone],
});
