import * as fc from "fast-check";
import { drawnFrom } from "../board-world/arbitraries.ts";
import { builtIn } from "../board-world/built-in.ts";
import { doneAlone, pollerRun, resumedRun, webhookRun } from "../board-world/goals.ts";
import { approvedByMove, gateClosed, packageTakenBack } from "../board-world/package-goals.ts";
import type { Slip } from "../board-world/slips.ts";
import { smallEpic } from "../board-world/stories.ts";
import type { Workload } from "../board-world/workload.ts";

const base: Workload = {
  epics: [smallEpic(1, 2)],
  journey: "single",
  pollers: 1,
  webhookServers: 0,
  pollIntervalMs: 20_000,
  mandatoryFields: false,
  coderNeedsTries: 2,
  slips: [],
};

const movedBack: Slip = { kind: "move-back", card: "EPIC-1", lane: 4, to: 2 };
const draggedOverGates: Slip = { kind: "drag", card: "EPIC-1", lane: 2, to: 8, backAfterMs: null };

const scripted: readonly Workload[] = [
  base,
  { ...base, webhookServers: 1, slips: [movedBack] },
  { ...base, pollers: 2, slips: [draggedOverGates] },
];

const drawn: fc.Arbitrary<Workload> = fc.record({
  epics: fc.constantFrom([smallEpic(1, 1)], [smallEpic(1, 1), smallEpic(2, 1)]),
  journey: fc.constant("single" as const),
  pollers: fc.constantFrom(1, 1, 2),
  webhookServers: fc.constantFrom(0, 1),
  pollIntervalMs: fc.constantFrom(20_000, 30_000),
  mandatoryFields: fc.constant(false),
  coderNeedsTries: fc.constantFrom(1, 2),
  slips: fc.constantFrom<readonly Slip[]>(
    [],
    [],
    [movedBack],
    [{ kind: "move-back", card: "EPIC-1", lane: 6, to: 2 }],
    [draggedOverGates],
    [{ kind: "drag", card: "EPIC-1", lane: 4, to: 6, backAfterMs: 30_000 }],
    [{ kind: "approved-file", dirname: "epic-1", path: "DESIGN.md", deed: "edit", afterMs: 30_000 }],
  ),
});

/** See README.md. */
export const singleCard = builtIn({
  name: "single-card",
  about: "Cards are worked alone, each with a work package that says how far it is and who approved what.",
  mode: "single-card",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (epic) => ({ ...base, epics: [epic] }),
  faults: {
    families: ["delivery", "board", "model", "disk", "program", "crash"],
    faultsMax: 3,
    faultsUntilMs: 600_000,
    serviceFaults: {
      board: ["database-locked", "database-locked-after-effect"],
      model: ["rate-limited", "overloaded", "empty"],
    },
    restartAfterMsMax: 5_000,
  },
  sometimes: [pollerRun, webhookRun, resumedRun, approvedByMove, gateClosed, packageTakenBack, doneAlone],
});
