import * as fc from "fast-check";
import { drawnFrom, epics, harmlessSlips } from "../board-world/arbitraries.ts";
import { builtIn } from "../board-world/built-in.ts";
import {
  cardCopied,
  contended,
  leaseTakenOver,
  pollerRun,
  sharedEpic,
  storyDone,
  webhookRun,
} from "../board-world/goals.ts";
import { smallEpic } from "../board-world/stories.ts";
import type { Workload } from "../board-world/workload.ts";

const base: Workload = {
  epics: [smallEpic(1, 2)],
  journey: "fan-out",
  pollers: 2,
  webhookServers: 1,
  pollIntervalMs: 20_000,
  mandatoryFields: false,
  coderNeedsTries: 1,
  slips: [],
};

const scripted: readonly Workload[] = [
  base,
  { ...base, pollers: 3, webhookServers: 0, mandatoryFields: true },
  { ...base, epics: [smallEpic(1, 1), smallEpic(2, 1)], journey: "planning", pollers: 2 },
  { ...base, epics: [smallEpic(1, 1)], journey: "whole", pollIntervalMs: 30_000 },
];

const drawn: fc.Arbitrary<Workload> = fc.record({
  epics: epics({ epicsMax: 2, storiesMax: 3 }),
  journey: fc.constantFrom("fan-out" as const, "planning" as const, "planning" as const, "whole" as const),
  pollers: fc.constantFrom(2, 2, 3),
  webhookServers: fc.constantFrom(0, 1),
  pollIntervalMs: fc.constantFrom(20_000, 30_000),
  mandatoryFields: fc.boolean(),
  coderNeedsTries: fc.constantFrom(1, 2),
  slips: fc.oneof(fc.constant([]), harmlessSlips),
});

/** See README.md. */
export const concurrentOrchestrators = builtIn({
  name: "concurrent-orchestrators",
  about: "Several pollers and a webhook server work one board at once.",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (epic) => ({ ...base, epics: [epic], journey: "whole" }),
  faults: {
    families: ["delivery", "board", "disk", "crash", "clock"],
    faultsMax: 4,
    faultsUntilMs: 600_000,
    serviceFaults: { board: ["database-locked", "database-locked-after-effect"] },
    restartAfterMsMax: 5_000,
  },
  sometimes: [contended, sharedEpic, webhookRun, pollerRun, leaseTakenOver, cardCopied, storyDone],
});
