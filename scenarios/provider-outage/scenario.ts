import * as fc from "fast-check";
import { serviceFaultNames } from "../../fakes/llm/service-fault.ts";
import { drawnFrom, epics } from "../board-world/arbitraries.ts";
import { builtIn } from "../board-world/built-in.ts";
import { modelOutage, resumedRun, storyDone, timedOutInFlight } from "../board-world/goals.ts";
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
  { ...base, journey: "planning", epics: [smallEpic(1, 1), smallEpic(2, 1)], pollers: 2 },
];

const drawn: fc.Arbitrary<Workload> = fc.record({
  epics: epics({ epicsMax: 2, storiesMax: 1 }),
  journey: fc.constantFrom("planning" as const, "planning" as const, "whole" as const),
  pollers: fc.constantFrom(1, 2),
  webhookServers: fc.constantFrom(0, 1),
  pollIntervalMs: fc.constantFrom(20_000, 30_000),
  mandatoryFields: fc.boolean(),
  coderNeedsTries: fc.constantFrom(1, 2),
  slips: fc.constant([]),
});

/** See README.md. */
export const providerOutage = builtIn({
  name: "provider-outage",
  about: "The model provider is slow, overloaded or out of reach for minutes at a time.",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (epic) => ({ ...base, epics: [epic] }),
  faults: {
    families: ["delivery", "model"],
    faultsMax: 5,
    faultsUntilMs: 600_000,
    seams: ["model"],
    outagesMs: [30_000, 300_000],
    serviceFaults: { model: serviceFaultNames },
    restartAfterMsMax: 5_000,
  },
  sometimes: [modelOutage, timedOutInFlight, resumedRun, storyDone],
});
