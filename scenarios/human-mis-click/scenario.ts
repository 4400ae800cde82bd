import * as fc from "fast-check";
import { drawnFrom, epics } from "../board-world/arbitraries.ts";
import { builtIn } from "../board-world/built-in.ts";
import { resumedRun, storyDone } from "../board-world/goals.ts";
import { approvedByOneDrag, slippedWhileOpen, toldAfterSlip, wentOnAfterSlip } from "../board-world/slip-goals.ts";
import type { CardSlip } from "../board-world/slips.ts";
import { smallEpic } from "../board-world/stories.ts";
import type { Workload } from "../board-world/workload.ts";

const epic = "EPIC-1";
const story = "EPIC-1/S1";

const base: Workload = {
  epics: [smallEpic(1, 1)],
  journey: "whole",
  pollers: 1,
  webhookServers: 1,
  pollIntervalMs: 30_000,
  mandatoryFields: false,
  coderNeedsTries: 1,
  plannerMs: 25_000,
  slips: [],
};

const scripted: readonly Workload[] = [
  { ...base, slips: [{ kind: "drag", card: epic, lane: 2, to: 5, backAfterMs: 20_000 }] },
  { ...base, slips: [{ kind: "drag", card: story, lane: 8, to: 6, backAfterMs: null }] },
  { ...base, slips: [{ kind: "remove", card: epic, lane: 4 }] },
  { ...base, slips: [{ kind: "close", card: story, lane: 8, reopenAfterMs: 30_000 }] },
  {
    ...base,
    slips: [{ kind: "edit", card: epic, lane: 4, field: "reference", value: "EPIC-9", mendAfterMs: 30_000 }],
  },
  {
    ...base,
    slips: [
      { kind: "old-form", card: epic, lane: 4, afterMs: 0 },
      { kind: "edit", card: story, lane: 8, field: "title", value: "Tset", mendAfterMs: 10_000 },
    ],
  },
];

const pauseMs = fc.constantFrom(0, 5_000, 30_000);
const where = fc.oneof(
  fc.record({ card: fc.constant(epic), lane: fc.integer({ min: 2, max: 5 }) }),
  fc.record({ card: fc.constant(story), lane: fc.integer({ min: 6, max: 9 }) }),
);
const clicks: fc.Arbitrary<CardSlip> = fc
  .tuple(
    fc.oneof({ weight: 7, arbitrary: where }, { weight: 1, arbitrary: fc.constant({ card: epic, lane: 1 }) }),
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant("drag" as const),
          to: fc.integer({ min: 1, max: 11 }),
          backAfterMs: fc.option(pauseMs),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("old-form" as const), afterMs: pauseMs }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("form-save" as const), afterMs: pauseMs }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("close" as const), reopenAfterMs: pauseMs }) },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant("edit" as const),
          field: fc.constantFrom("title" as const, "reference" as const),
          value: fc.constantFrom("EPIC-9", "EPIC-1/S9", "Tset"),
          mendAfterMs: pauseMs,
        }),
      },
    ),
  )
  .map(([place, click]) => ({ ...place, ...click }));

const drawn: fc.Arbitrary<Workload> = fc.record({
  epics: epics({ epicsMax: 1, storiesMax: 2 }),
  journey: fc.constantFrom("whole" as const, "whole" as const, "planning" as const, "batch" as const),
  pollers: fc.constantFrom(1, 2),
  webhookServers: fc.constantFrom(0, 1),
  pollIntervalMs: fc.constantFrom(20_000, 30_000),
  mandatoryFields: fc.boolean(),
  coderNeedsTries: fc.constantFrom(1, 2),
  // People look every 20 s: mostly they find the agent at work.
  plannerMs: fc.constantFrom(400, 25_000, 50_000),
  slips: fc.array(clicks, { minLength: 1, maxLength: 3 }),
});

/** See README.md. */
export const humanMisClick = builtIn({
  name: "human-mis-click",
  about: "People drag, delete, close, edit and save cards while an agent works on them.",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (given) => ({ ...base, epics: [given] }),
  faults: {
    families: ["delivery", "crash"],
    faultsMax: 2,
    faultsUntilMs: 600_000,
    restartAfterMsMax: 5_000,
  },
  sometimes: [
    slippedWhileOpen("drag"),
    slippedWhileOpen("old-form"),
    slippedWhileOpen("form-save"),
    slippedWhileOpen("remove"),
    slippedWhileOpen("close"),
    slippedWhileOpen("edit"),
    approvedByOneDrag,
    toldAfterSlip,
    wentOnAfterSlip,
    resumedRun,
    storyDone,
  ],
});
