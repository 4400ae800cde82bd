import * as fc from "fast-check";
import { sampleProgramFaults } from "../../fakes/cli/program-fault.ts";
import { drawnFrom, epics } from "../board-world/arbitraries.ts";
import { builtIn } from "../board-world/built-in.ts";
import { answerRepaired, programMisbehaved, repairRefused, resumedRun, storyDone } from "../board-world/goals.ts";
import { smallEpic } from "../board-world/stories.ts";
import { planDamages, type Workload } from "../board-world/workload.ts";

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

const scripted: readonly Workload[] = [
  base,
  { ...base, pollers: 2 },
  // As many fixes as are allowed: a bad answer more, and a story of the batch has failed, visibly.
  { ...base, journey: "batch", epics: [smallEpic(1, 2)], coderNeedsTries: 5 },
  { ...base, coderNeedsTries: 1, firstPlan: "loose" },
  { ...base, coderNeedsTries: 1, firstPlan: "cut" },
];

const drawn: fc.Arbitrary<Workload> = fc
  .record({
    epics: epics({ epicsMax: 1, storiesMax: 2 }),
    journey: fc.constant("whole" as const),
    pollers: fc.constantFrom(1, 2),
    webhookServers: fc.constantFrom(0, 1),
    pollIntervalMs: fc.constantFrom(20_000, 30_000),
    mandatoryFields: fc.boolean(),
    coderNeedsTries: fc.constantFrom(1, 2, 3),
    slips: fc.constant([]),
    firstPlan: fc.option(fc.constantFrom(...planDamages)),
  })
  .map(({ firstPlan, ...workload }) => (firstPlan === null ? workload : { ...workload, firstPlan }));

/** See README.md. */
export const malformedCliOutput = builtIn({
  name: "malformed-cli-output",
  about: "Coding tools, test runners and models print rubbish, half a result or none, hang, and leave children behind.",
  scripted,
  ...drawnFrom(drawn),
  workloadForEpic: (epic) => ({ ...base, epics: [epic] }),
  faults: {
    families: ["program", "model"],
    faultsMax: 4,
    faultsUntilMs: 600_000,
    seams: ["spawn", "model"],
    serviceFaults: { model: ["malformed", "fenced", "truncated", "truncated-silently", "schema-violating"] },
    programBehaviours: sampleProgramFaults,
    restartAfterMsMax: 5_000,
  },
  sometimes: [programMisbehaved, answerRepaired, repairRefused, resumedRun, storyDone],
});
