import { facts } from "../../scenarios/board-world/settings.ts";
import type { Workload } from "../../scenarios/board-world/workload.ts";
import {
  agentFrom,
  laneByLane,
  laneByLaneAlone,
  reasonAgainst,
  referenceWorkloads,
  type ReferenceName,
} from "../../scenarios/lane-by-lane/scenario.ts";
import { sha256 } from "../../src/base/digest.ts";
import type { SweepTarget } from "../../src/explore/complete-sweep/sweep-target.ts";
import { endStateOf, type Reading } from "../../src/invariants/end-state.ts";
import { writesOver, type StruckFault } from "../../src/invariants/fault-budget.ts";
import type { World } from "../../src/sim/world.ts";

/** A target of the complete sweep, and how its ends are compared. */
export interface ProvedTarget extends SweepTarget {
  /** How the end of a run with these faults is compared; `none` when it may be another one. */
  readingOf(faults: readonly StruckFault[]): Reading | "none";
}

/** Each agent is swept in the shortest run that has it. */
const agentsOf: Readonly<Record<ReferenceName, readonly string[]>> = {
  planning: ["architect", "governance", "product manager"],
  "spawning by creation": ["spawner"],
  "spawning by copies": ["spawner"],
  "a story": ["test planner", "test coder", "Ralph", "reviewer of a story", "reviewer of an epic"],
  "a batch": ["test planner", "test coder", "Ralph", "reviewer of an epic"],
  "a card alone": [
    ...["architect", "governance", "product manager", "test planner", "test coder", "Ralph", "reviewer of an epic"],
  ],
  "a story, worded anew": ["architect", "product manager", "test planner", "test coder"],
};

export const sweepTargets: readonly ProvedTarget[] = (Object.keys(referenceWorkloads) as ReferenceName[]).map(
  (name) => {
    const workload = referenceWorkloads[name];
    return {
      name,
      scenario: (workload.journey === "single" ? laneByLaneAlone : laneByLane).build(),
      workload,
      stages: agentsOf[name],
      stageFrom: agentFrom,
      reasonAgainst: (site, { kind }) => reasonAgainst(site, kind),
      fingerprintOf,
      readingOf: (faults) => readingOf(workload, faults),
    };
  },
);

/**
 * A model or a tool that answers otherwise is followed: then the artifacts say something else. A plan that says something
 * else is another workload. A work package holds files that the ratchet does not: one that a program wrote over is not
 * put back, and waits for people to approve it again.
 */
function readingOf({ wording, journey }: Workload, faults: readonly StruckFault[]): Reading | "none" {
  const isOtherPlan = ({ site, fault, params }: StruckFault): boolean =>
    fault === "service-fault" && /\/plan\)#\d+$/.test(site) && otherAnswers.has(params["name"] as string);
  if (faults.some(isOtherPlan) || (journey === "single" && faults.some(writesOver))) return "none";
  const saysElse = ({ site, fault }: StruckFault): boolean =>
    (fault === "service-fault" && /\/model\.[^/]*\(/.test(site)) || fault === "program-misbehaves";
  return wording === "anew" || faults.some(saysElse) ? "structure" : "text";
}

/** Failures of a model that leave an answer of the right form. */
const otherAnswers: ReadonlySet<string> = new Set(["another-answer", "duplicated-item", "injected"]);

/** Board, files and records; without the times at which they came to be, and without what nobody reads again. */
function fingerprintOf(world: World): string {
  const board = [...endStateOf(facts, world.history.events, "text")].filter(([name]) => name.startsWith("card "));
  const { disk } = world.host("server");
  const entries = disk.snapshot();
  const files = entries.flatMap((entry) => {
    if (/\/\.agentleeops\/(?:traces|tmp)\//.test(entry.path) || isOldClaim(entry.path, entries)) return [];
    const content = entry.kind === "file" ? withoutTimes(disk.readText(entry.path)) : entry.kind;
    return [`${withoutTimes(entry.path)} ${content}`];
  });
  return sha256(JSON.stringify([board, files]));
}

/** Of a generation that is not the newest of its scope: nobody asks for it any more. */
function isOldClaim(path: string, entries: readonly { readonly path: string }[]): boolean {
  const [, folder, generation] = /^(.*\/claims\/.*\/)(\d{12})\./.exec(path) ?? [];
  return (
    folder !== undefined &&
    entries.some((other) => other.path.startsWith(folder) && other.path.slice(folder.length) > `${generation}.~`)
  );
}

/** Times in seconds, in milliseconds and as text, process numbers and generations of claims. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/\b\d{9,13}\b/g, "TIME")
    .replaceAll(/(?<=^[+-])\d+$/gm, "PID");
}
