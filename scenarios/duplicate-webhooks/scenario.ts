import * as fc from "fast-check";
import { drawnFrom, epics } from "../board-world/arbitraries.ts";
import { builtIn } from "../board-world/built-in.ts";
import { cardCreated, pollerRun, repeatedWebhook, resumedRun, webhookRun } from "../board-world/goals.ts";
import { smallEpic } from "../board-world/stories.ts";
import type { Workload } from "../board-world/workload.ts";

const base: Workload = {
  epics: [smallEpic(1, 1)],
  journey: "planning",
  pollers: 1,
  webhookServers: 2,
  pollIntervalMs: 30_000,
  mandatoryFields: false,
  coderNeedsTries: 1,
  slips: [],
};

const scripted: readonly Workload[] = [
  base,
  { ...base, epics: [smallEpic(1, 3)], journey: "fan-out", webhookServers: 1 },
  { ...base, epics: [smallEpic(1, 2)], journey: "fan-out", mandatoryFields: true },
  { ...base, journey: "whole", webhookServers: 1, slips: [{ kind: "move-early", card: "EPIC-1", lane: 2 }] },
];

const drawn: fc.Arbitrary<Workload> = fc.record({
  epics: epics({ epicsMax: 2, storiesMax: 3 }),
  journey: fc.constantFrom("planning" as const, "planning" as const, "fan-out" as const, "whole" as const),
  pollers: fc.constantFrom(1, 1, 2),
  webhookServers: fc.constantFrom(1, 2),
  pollIntervalMs: fc.constantFrom(20_000, 30_000, 60_000),
  mandatoryFields: fc.boolean(),
  coderNeedsTries: fc.constant(1),
  slips: fc.constantFrom(
    [],
    [{ kind: "move-back" as const, card: "EPIC-1", lane: 3, to: 2 }],
    [{ kind: "move-early" as const, card: "EPIC-1", lane: 2 }],
  ),
});

/** See README.md. */
export const duplicateWebhooks = builtIn({
  name: "duplicate-webhooks",
  about: "The board's webhooks come twice, late, out of order or not at all.",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (epic) => ({ ...base, epics: [epic], journey: "whole" }),
  faults: {
    families: ["delivery", "board", "crash"],
    faultsMax: 3,
    faultsUntilMs: 600_000,
    serviceFaults: { board: ["database-locked", "database-locked-after-effect"] },
    restartAfterMsMax: 5_000,
  },
  sometimes: [webhookRun, pollerRun, repeatedWebhook, cardCreated, resumedRun],
});
