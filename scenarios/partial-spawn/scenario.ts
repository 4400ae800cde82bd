import * as fc from "fast-check";
import { drawnFrom, epics } from "../board-world/arbitraries.ts";
import { builtIn } from "../board-world/built-in.ts";
import { cardCopied, cardCreated, crashInFanOut, floodRefused, partialFanOutResumed } from "../board-world/goals.ts";
import { smallEpic } from "../board-world/stories.ts";
import type { Workload } from "../board-world/workload.ts";

const base: Workload = {
  epics: [smallEpic(1, 4)],
  journey: "fan-out",
  pollers: 1,
  webhookServers: 0,
  pollIntervalMs: 20_000,
  mandatoryFields: false,
  coderNeedsTries: 1,
  slips: [],
};

const scripted: readonly Workload[] = [
  base,
  { ...base, epics: [smallEpic(1, 5)], mandatoryFields: true },
  { ...base, epics: [smallEpic(1, 3)], pollers: 2, mandatoryFields: true },
  { ...base, epics: [smallEpic(1, 21)] },
  {
    ...base,
    epics: [smallEpic(1, 1)],
    journey: "planning",
    pollIntervalMs: 30_000,
    slips: [{ kind: "approved-file", dirname: "epic-1", path: "DESIGN.md", deed: "edit", afterMs: 90_000 }],
  },
];

const drawn: fc.Arbitrary<Workload> = fc.record({
  epics: epics({ epicsMax: 2, storiesMax: 8 }),
  journey: fc.constant("fan-out" as const),
  pollers: fc.constantFrom(1, 1, 2),
  webhookServers: fc.constantFrom(0, 0, 1),
  pollIntervalMs: fc.constantFrom(20_000, 30_000),
  mandatoryFields: fc.boolean(),
  coderNeedsTries: fc.constant(1),
  slips: fc.constant([]),
});

/** See README.md. */
export const partialSpawn = builtIn({
  name: "partial-spawn",
  about: "The fan-out of an epic into one card for each story is cut off at any step.",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (epic) => ({ ...base, epics: [epic] }),
  faults: {
    families: ["delivery", "board", "crash", "disk"],
    faultsMax: 4,
    faultsUntilMs: 300_000,
    serviceFaults: { board: ["database-locked", "database-locked-after-effect", "refused", "unauthorized"] },
    restartAfterMsMax: 5_000,
  },
  sometimes: [cardCreated, cardCopied, crashInFanOut, partialFanOutResumed, floodRefused],
});
