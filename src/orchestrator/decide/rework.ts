import { lanePrograms } from "./lanes.ts";

/** Tags that say of lanes behind this one that they are done, or have failed: a card that came back is not there yet. */
export function tagsOfLaterLanes(lane: number): readonly string[] {
  return lanePrograms.flatMap((program) =>
    program === undefined || program.lane <= lane ? [] : [program.completedTag, program.failedTag],
  );
}

/** On the card of a story whose entry in the plan is another one since: what was made from the earlier one is stale. */
export const staleTag = "stale";
