import { sampleProgramFaults } from "../../fakes/cli/program-fault.ts";
import { serviceFaultNames } from "../../fakes/llm/service-fault.ts";
import type { FaultSettings } from "../../src/index.ts";
import { builtIn } from "../board-world/built-in.ts";
import { resumedRun } from "../board-world/goals.ts";
import { smallEpic } from "../board-world/stories.ts";
import type { Workload } from "../board-world/workload.ts";

const base: Workload = {
  epics: [smallEpic(1, 1)],
  journey: "planning",
  pollers: 1,
  webhookServers: 1,
  pollIntervalMs: 30_000,
  mandatoryFields: false,
  coderNeedsTries: 1,
  wording: "same",
  slips: [],
};

/** One card after the other, so that at each moment one agent alone is at work. */
export const referenceWorkloads = {
  planning: base,
  "spawning by creation": { ...base, journey: "fan-out", epics: [smallEpic(1, 2)] },
  "spawning by copies": { ...base, journey: "fan-out", epics: [smallEpic(1, 2)], mandatoryFields: true },
  "a story": { ...base, journey: "whole", coderNeedsTries: 2 },
  "a batch": { ...base, journey: "batch" },
  "a card alone": { ...base, journey: "single" },
  "a story, worded anew": { ...base, journey: "whole", wording: "anew" },
} as const satisfies Readonly<Record<string, Workload>>;

export type ReferenceName = keyof typeof referenceWorkloads;

const agents: Readonly<Record<number, string>> = {
  2: "architect",
  3: "governance",
  4: "product manager",
  5: "spawner",
  6: "test planner",
  7: "test coder",
  8: "Ralph",
  9: "reviewer",
};

/**
 * The agent whose work begins with an operation: people have moved a card into its lane. `none` when they moved it to a
 * lane without an agent, undefined when nobody moved anything.
 */
export function agentFrom(site: string): string | undefined {
  const move = /^people@\d+\/main\/board\.moveTaskPosition\((.+) to lane (\d+)\)#/.exec(site);
  if (move === null) return undefined;
  const agent = agents[Number(move[2])];
  if (agent === undefined) return "none";
  return agent === "reviewer" ? `reviewer of ${move[1]!.includes("/") ? "a story" : "an epic"}` : agent;
}

/** Why a fault of a kind is not tried at a site; undefined when it is. */
export function reasonAgainst(site: string, kind: string): string | undefined {
  if (!site.startsWith("people@")) return undefined;
  if (kind === "kill" || kind === "host-crash") return "people are no programs of the system: nobody restarts them";
  if (kind === "pause" || kind === "clock-jump") return "people's own clocks are no part of the system";
  return undefined;
}

const about = "One card goes through one lane after the other, and anything may go wrong at any step.";
const faults: FaultSettings = {
  families: ["delivery", "board", "model", "disk", "program", "crash", "clock"],
  faultsMax: 2,
  faultsUntilMs: 600_000,
  serviceFaults: {
    board: ["database-locked", "database-locked-after-effect", "refused", "unauthorized"],
    model: serviceFaultNames,
  },
  programBehaviours: sampleProgramFaults,
  restartAfterMsMax: 5_000,
};

/** Small runs in which each agent is at work once: what the complete sweep strikes at each step. */
export const laneByLane = builtIn({
  name: "lane-by-lane",
  about,
  scripted: Object.values(referenceWorkloads).filter(({ journey }) => journey !== "single"),
  draw: () => base,
  workloadForEpic: (epic) => ({ ...base, epics: [epic] }),
  faults,
  sometimes: [resumedRun],
});

/** The same in single-card mode. */
export const laneByLaneAlone = builtIn({
  name: "lane-by-lane-alone",
  about,
  mode: "single-card",
  scripted: [referenceWorkloads["a card alone"]],
  draw: () => referenceWorkloads["a card alone"],
  workloadForEpic: (epic) => ({ ...referenceWorkloads["a card alone"], epics: [epic] }),
  faults,
  sometimes: [resumedRun],
});
