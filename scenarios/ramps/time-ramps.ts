import { linearWork, type Ramp } from "../../src/index.ts";
import { smallEpic } from "../board-world/stories.ts";
import { rampLoad, type RampSubject } from "./ramp-world.ts";

/** More time: of a run, of an answer, of a pause. */
export function timeRamps(subject: RampSubject): readonly Ramp[] {
  const planning = { epics: [smallEpic(1, 1)], journey: "planning" } as const;
  return [
    {
      name: "run-length",
      about: "Pollers and webhook server look after a few cards that ask for nothing, for so many hours.",
      unit: "virtual hours",
      from: 1,
      to: 7 * 24,
      levelMax: 52 * 7 * 24,
      promised: 7 * 24,
      growthLevels: [21, 42, 84, 168],
      runsMax: 2,
      allowed: {
        ...linearWork,
        logEvents: "linear",
        filesKept: "constant",
        traceFilesKept: "constant",
        modelCalls: "constant",
        boardCallsPerTick: "constant",
      },
      load: (level) => rampLoad({ subject, restingCards: 1, endAfterMs: level * hourMs }),
    },
    {
      name: "cpu-per-virtual-hour",
      about: "So many pollers look over an empty board for an hour: what waiting costs.",
      unit: "pollers",
      from: 1,
      to: 16,
      levelMax: 1_000,
      promised: 16,
      growthLevels: [2, 4, 8, 16],
      allowed: { ...linearWork, boardCallsPerTick: "constant" },
      load: (level) => rampLoad({ subject, pollers: level, webhookServers: 0, endAfterMs: hourMs }),
    },
    {
      name: "provider-latency",
      about: "Each answer of the model takes so many seconds.",
      unit: "s",
      from: 1,
      to: 256,
      levelMax: 3_600,
      promised: 60,
      growthLevels: [8, 16, 32, 64],
      allowed: { modelCalls: "constant", commentsPerCard: "constant", retriesPerCard: "constant" },
      load: (level) => rampLoad({ subject, workload: { ...planning, plannerMs: 1_000 * level } }),
    },
    {
      name: "slow-neighbour",
      about: "The model takes so many seconds for one of three epics: how long the others wait.",
      unit: "s",
      from: 1,
      to: 96,
      levelMax: 115,
      promised: 96,
      growthLevels: [32, 48, 64, 96],
      // Whom the webhook server has no time for, the next look of the poller finds, 30 s later at most.
      budgets: [{ figure: "waitMs", max: () => 45_000 }],
      allowed: { waitMs: "constant", modelCalls: "constant", commentsPerCard: "constant" },
      load: (level) =>
        rampLoad({
          subject,
          workload: { ...planning, epics: [smallEpic(1, 1), smallEpic(2, 1), smallEpic(3, 1)] },
          answers:
            () =>
            ({ key }, answer) =>
              key.startsWith("EPIC-1/") ? { ...answer, timeToFirstTokenMs: 1_000 * level } : answer,
        }),
    },
    {
      name: "board-latency",
      about: "Each message to the board, and each from it, is so long on its way.",
      unit: "ms",
      from: 0,
      to: 6_400,
      levelMax: 60_000,
      promised: 1_000,
      step: 100,
      growthLevels: [200, 400, 800, 1_600],
      allowed: { modelCalls: "constant", commentsPerCard: "constant", boardCallsPerCard: "constant" },
      load: (level) => rampLoad({ subject, workload: planning, boardLatencyMs: level }),
    },
  ];
}

const hourMs = 3_600_000;
