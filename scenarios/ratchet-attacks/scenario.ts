import * as fc from "fast-check";
import { drawnFrom, epics } from "../board-world/arbitraries.ts";
import {
  attackedBy,
  attackedByCoder,
  attackedByTestedCode,
  ratchetRebuilt,
  restoredAndReported,
} from "../board-world/attack-goals.ts";
import { builtIn } from "../board-world/built-in.ts";
import { resumedRun, storyDone } from "../board-world/goals.ts";
import { fileDeeds, type FileDeed, type FileSlip } from "../board-world/slips.ts";
import { smallEpic } from "../board-world/stories.ts";
import { codeTricks, type Workload } from "../board-world/workload.ts";

const base: Workload = {
  epics: [smallEpic(1, 1)],
  journey: "whole",
  pollers: 1,
  webhookServers: 0,
  pollIntervalMs: 30_000,
  mandatoryFields: false,
  coderNeedsTries: 2,
  slips: [],
};

const attack = (path: string, deed: FileDeed, afterMs = 0): FileSlip => ({
  kind: "approved-file",
  dirname: "epic-1",
  path,
  deed,
  afterMs,
});
const test = "tests/test_S1.py";

const scripted: readonly Workload[] = [
  {
    ...base,
    slips: [attack("DESIGN.md", "recreate"), attack("prd.json", "rename-over"), attack(test, "linked-parent")],
  },
  {
    ...base,
    slips: [attack("DESIGN.md", "other-spelling"), attack("prd.json", "folder"), attack(test, "link")],
  },
  {
    ...base,
    slips: [
      attack("DESIGN.md", "ratchet-cut"),
      attack("prd.json", "ratchet-object"),
      attack("prd.json", "delete", 1_000),
      attack(test, "ratchet-deleted"),
    ],
  },
  { ...base, slips: [attack("DESIGN.md", "kept-damaged"), attack("DESIGN.md", "edit", 1_000)] },
  { ...base, code: "empties-ratchet" },
  { ...base, code: "forges-record" },
  { ...base, code: "removes-records" },
  { ...base, code: "spells-test", coderEdits: "DESIGN.md" },
  { ...base, coderEdits: ".agentleeops/ratchet.json" },
  { ...base, slips: [attack("DESIGN.md", "ratchet-list"), attack("prd.json", "ratchet-null")] },
  { ...base, slips: [attack("DESIGN.md", "record-removed"), attack("prd.json", "record-forged")] },
];

const attacks: fc.Arbitrary<FileSlip> = fc
  .tuple(
    fc.constantFrom("DESIGN.md", "prd.json", test),
    fc.constantFrom(...fileDeeds),
    // At once, before the first use, or somewhere in between.
    fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 120_000 })),
  )
  .map(([path, deed, afterMs]) => attack(path, deed, afterMs));

/** Without ratchet and records nothing in the workspace says that anything was ever approved. */
function leavesNothing({ slips, code }: Workload): boolean {
  const deeds = new Set(slips.map((slip) => (slip as FileSlip).deed));
  return deeds.has("ratchet-deleted") && (deeds.has("record-removed") || code === "removes-records");
}

const drawn: fc.Arbitrary<Workload> = fc
  .record({
    epics: epics({ epicsMax: 1, storiesMax: 2 }),
    journey: fc.constantFrom("whole" as const, "whole" as const, "batch" as const),
    pollers: fc.constantFrom(1, 2),
    webhookServers: fc.constantFrom(0, 1),
    pollIntervalMs: fc.constantFrom(20_000, 30_000),
    mandatoryFields: fc.boolean(),
    coderNeedsTries: fc.constantFrom(1, 2),
    code: fc.constantFrom(...codeTricks),
    slips: fc.array(attacks, { minLength: 1, maxLength: 4 }),
    coderEdits: fc.option(fc.constantFrom("DESIGN.md", test, ".agentleeops/ratchet.json", "conftest.py"), { freq: 1 }),
  })
  .map(({ coderEdits, ...workload }) => (coderEdits === null ? workload : { ...workload, coderEdits }))
  .filter((workload) => !leavesNothing(workload));

/** See README.md. */
export const ratchetAttacks = builtIn({
  name: "ratchet-attacks",
  about: "Approved artifacts, and what says that they are approved, are attacked by every way to write.",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (epic) => ({ ...base, epics: [epic] }),
  faults: {
    families: ["program", "crash"],
    faultsMax: 2,
    faultsUntilMs: 600_000,
    programBehaviours: [
      {
        kind: "editForbiddenFile",
        path: "/srv/projects/epic-1/tests/test_S1.py",
        content: "def test_nothing(): pass\n",
      },
      { kind: "editForbiddenFile", path: "/srv/projects/epic-1/.agentleeops/ratchet.json", content: "[]\n" },
      { kind: "editForbiddenFile", path: "/srv/projects/epic-1/prd.json", content: "{}\n" },
      { kind: "lateWriter", path: "/srv/projects/epic-1/DESIGN.md", content: "", delayMs: 30_000 },
    ],
    restartAfterMsMax: 5_000,
  },
  sometimes: [
    ...fileDeeds.map(attackedBy),
    attackedByTestedCode,
    attackedByCoder,
    ratchetRebuilt,
    restoredAndReported,
    resumedRun,
    storyDone,
  ],
});
