import { isStory } from "../decide/reference.ts";
import type { Run } from "../runs/run.ts";
import { fail } from "../runs/run-stop.ts";

/**
 * Ends the run when its card is a story: design and plan belong to the epic, and a story that was dragged into their lanes
 * must not open them again. In single-card mode each card has its own.
 *
 * @param what did not happen, as `no plan was written`
 */
export function refuseStory(run: Run, what: string): void {
  if (!isStory(run.reference) || run.config.mode === "single-card") return;
  fail(what, "a story has the design and the plan of its epic", "Move the card to the lane where its own work stands.");
}
