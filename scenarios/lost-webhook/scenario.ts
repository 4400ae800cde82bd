import * as fc from "fast-check";
import { drawnFrom, epics } from "../board-world/arbitraries.ts";
import { builtIn } from "../board-world/built-in.ts";
import { pollerRun, resyncRun, storyDone, webhookLost, webhookRun } from "../board-world/goals.ts";
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
  { ...base, journey: "planning", pollIntervalMs: 60_000, webhookServers: 2 },
  { ...base, pollers: 0 },
];

const drawn: fc.Arbitrary<Workload> = fc.record({
  epics: epics({ epicsMax: 1, storiesMax: 2 }),
  journey: fc.constantFrom("whole" as const, "planning" as const),
  pollers: fc.constantFrom(0, 1, 2),
  webhookServers: fc.constantFrom(1, 1, 2),
  pollIntervalMs: fc.constantFrom(20_000, 30_000, 60_000),
  mandatoryFields: fc.boolean(),
  coderNeedsTries: fc.constantFrom(1, 2),
  slips: fc.constant([]),
});

/** See README.md. */
export const lostWebhook = builtIn({
  name: "lost-webhook",
  about: "The board announces a move once, and the announcement does not arrive; or comes late, or twice.",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (epic) => ({ ...base, epics: [epic] }),
  faults: {
    families: ["delivery"],
    faultsMax: 6,
    faultsUntilMs: 600_000,
    seams: ["webhook"],
    restartAfterMsMax: 5_000,
  },
  sometimes: [webhookLost, webhookRun, pollerRun, resyncRun, storyDone],
});
