import { linearWork, type Ramp, type World } from "../../src/index.ts";
import { projectsFolder } from "../board-world/settings.ts";
import { smallEpic } from "../board-world/stories.ts";
import type { Epic, Workload } from "../board-world/workload.ts";
import { furnishBurst } from "./burst.ts";
import { rampLoad, type RampSubject } from "./ramp-world.ts";

/** More work, more workers, more to look at. */
export function loadRamps(subject: RampSubject): readonly Ramp[] {
  const planning = (changes: Partial<Workload>): Partial<Workload> => ({
    epics: [smallEpic(1, 1)],
    journey: "planning",
    ...changes,
  });
  return [
    {
      name: "stories-per-epic",
      about: "One approved plan with so many stories, until each has a card.",
      unit: "stories",
      from: 1,
      to: 40,
      levelMax: 1_000,
      promised: 20,
      growthLevels: [4, 8, 12, 16, 20],
      allowed: { ...linearWork, commentsPerCard: "constant", waitMs: "constant" },
      load: (level) => rampLoad({ subject, workload: { epics: [smallEpic(1, level)], journey: "fan-out" } }),
    },
    {
      name: "stories-in-work",
      about: "One epic with so many stories, from the inbox until all of it is done.",
      unit: "stories",
      from: 1,
      to: 20,
      levelMax: 200,
      promised: 20,
      growthLevels: [2, 4, 8, 16],
      allowed: { ...linearWork, commentsPerCard: "constant", retriesPerCard: "constant" },
      runsMax: 2,
      load: (level) => rampLoad({ subject, workload: { epics: [smallEpic(1, level)] } }),
    },
    {
      name: "epics",
      about: "So many epics at once, from the inbox until their stories have cards.",
      unit: "epics",
      from: 1,
      to: 32,
      levelMax: 1_000,
      promised: 16,
      growthLevels: [4, 8, 16, 32],
      allowed: {
        ...linearWork,
        commentsPerCard: "constant",
        boardCallsPerCard: "constant",
        retriesPerCard: "constant",
        waitMs: "linear",
      },
      runsMax: 4,
      load: (level) => rampLoad({ subject, workload: planning({ epics: epics(level) }) }),
    },
    {
      name: "cards",
      about: "So many cards that ask for nothing, looked over for an hour.",
      unit: "cards",
      from: 1,
      to: 256,
      levelMax: 10_000,
      promised: 256,
      growthLevels: [32, 64, 128, 256],
      allowed: {
        ...linearWork,
        boardCalls: "constant",
        boardCallsPerTick: "constant",
        modelCalls: "constant",
        logEvents: "constant",
      },
      runsMax: 2,
      load: (level) => rampLoad({ subject, restingCards: level, endAfterMs: hourMs }),
    },
    {
      name: "orchestrators",
      about: "So many pollers and a webhook server on one board, with one epic to plan.",
      unit: "pollers",
      from: 1,
      to: 32,
      levelMax: 1_000,
      promised: 8,
      growthLevels: [4, 8, 16, 32],
      allowed: {
        ...linearWork,
        commentsPerCard: "constant",
        modelCalls: "constant",
        programs: "constant",
        retriesPerCard: "constant",
      },
      load: (level) => rampLoad({ subject, pollers: level, workload: planning({}) }),
    },
    {
      name: "webhook-burst",
      about: "So many cards whose events come within one moment, at a server that is at work.",
      unit: "events",
      from: 1,
      to: 256,
      levelMax: 10_000,
      promised: 100,
      growthLevels: [16, 32, 64, 96],
      allowed: { ...linearWork, commentsPerCard: "constant", modelCalls: "constant" },
      load: (level) =>
        rampLoad({
          subject,
          restingCards: level,
          endAfterMs: 600_000,
          furnish: (world) => furnishBurst(world, level),
        }),
    },
    {
      name: "trace-files",
      about: "So many traces in the workspace beforehand, and an epic to plan there.",
      unit: "files",
      from: 0,
      to: 1_024,
      levelMax: 20_000,
      promised: 1_024,
      step: 64,
      growthLevels: [256, 512, 768, 1_024],
      allowed: { ...linearWork, boardCalls: "constant", modelCalls: "constant", traceFilesKept: "constant" },
      budgets: [{ figure: "traceFilesKept", max: () => 500 }],
      runsMax: 4,
      load: (level) => rampLoad({ subject, workload: planning({}), furnish: (world) => layTraces(world, level) }),
    },
    {
      name: "prompt-size",
      about: "An epic whose description has so many thousand characters, until it is planned.",
      unit: "thousand characters",
      from: 1,
      to: 128,
      levelMax: 1_000,
      promised: 20,
      growthLevels: [4, 8, 16, 32],
      allowed: { boardCalls: "constant", modelCalls: "constant", ops: "constant" },
      load: (level) => rampLoad({ subject, workload: planning({ epics: [wordyEpic(1_000 * level)] }) }),
    },
  ];
}

const hourMs = 3_600_000;

function epics(count: number): readonly Epic[] {
  return Array.from({ length: count }, (_, index) => smallEpic(index + 1, 1));
}

function wordyEpic(chars: number): Epic {
  const sentence = "It keeps what people write down, and shows it to those who look for it. ";
  return { ...smallEpic(1, 1), description: sentence.repeat(Math.ceil(chars / sentence.length)).slice(0, chars) };
}

function layTraces(world: World, files: number): void {
  const { disk } = world.host("server");
  const workspace = `${projectsFolder}/epic-1`;
  const folders = [workspace, `${workspace}/.agentleeops`, `${workspace}/.agentleeops/traces`];
  const day = `${folders.at(-1)!}/20260104`;
  for (const folder of [...folders, day]) disk.makeFolder(folder);
  for (let number = 0; number < files; number++) {
    disk.write(`${day}/${String(number).padStart(6, "0")}-EPIC-1-design-1.json`, "{}\n");
  }
}
