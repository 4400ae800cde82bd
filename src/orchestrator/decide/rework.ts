import { lanePrograms } from "./lanes.ts";

/** An approved thing, and what was made from it. */
export type ArtifactName = "design" | "plan" | "tests" | "code" | "review";

/** What it means that people moved a card back into a lane. */
export interface ReworkRule {
  readonly lane: number;
  /** Open again, with a record of it, when the lane's agent has something new to put there. */
  readonly unlocks: ArtifactName | undefined;
  /** Of the card, or of the stories of an epic: true no more until they are made or approved again. */
  readonly stale: readonly ArtifactName[];
}

/**
 * By lane. A dependent is not touched: that it is stale follows from the record of its approval, which names what it was
 * made from. What people approve again as it was makes it valid again, and a story whose entry in the plan is as before
 * was never anything else.
 */
export const reworkRules: readonly ReworkRule[] = [
  { lane: 2, unlocks: "design", stale: ["plan"] },
  { lane: 4, unlocks: "plan", stale: ["tests", "code", "review"] },
  { lane: 6, unlocks: "tests", stale: ["code", "review"] },
  { lane: 8, unlocks: undefined, stale: ["review"] },
];

/** Tags that say of lanes behind this one that they are done, or have failed: a card that came back is not there yet. */
export function tagsOfLaterLanes(lane: number): readonly string[] {
  return lanePrograms.flatMap((program) =>
    program === undefined || program.lane <= lane ? [] : [program.completedTag, program.failedTag],
  );
}

/** On the card of a story whose entry in the plan is another one since: what was made from the earlier one is stale. */
export const staleTag = "stale";
