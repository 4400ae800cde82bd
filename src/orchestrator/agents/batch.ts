import { planApprovedLane } from "../decide/lanes.ts";
import { parsePrd } from "../decide/prd.ts";
import { isStory } from "../decide/reference.ts";
import { fail, RunStop } from "../runs/run-stop.ts";
import type { Run } from "../runs/run.ts";
import { listEpicCards, openFanOut } from "../spawn/fan-out.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { prdPath, readArtifact } from "./artifacts.ts";
import { comment } from "./report.ts";
import { leaveLaterLanes } from "./rework.ts";

/**
 * The lanes 6 to 8. A card of a story is worked alone. An epic whose plan is approved is worked as a batch: its stories
 * one after the other, each as on its own card, where its files and comments go too. Stories whose cards people have
 * moved on by themselves are not part of it.
 *
 * A story that fails does not stop the others, and is not left out either: the card of the epic then shows the failure.
 */
export async function workStories(
  run: Run,
  workspace: Workspace,
  what: string,
  work: (story: Run) => Promise<void>,
): Promise<void> {
  if (!isBatch(run, workspace)) return work(run);
  await leaveLaterLanes(run);
  const stories = await waitingStories(run, workspace);
  const failures: string[] = [];
  for (const story of stories) {
    try {
      await work(story);
    } catch (error) {
      if (!(error instanceof RunStop) || error.stop.kind !== "failure") throw error;
      const { failure } = error.stop;
      failures.push(`- ${story.reference}: ${failure.what}, because ${failure.why}`);
    }
  }
  if (!run.policies.batch.isDone(failures)) {
    fail(
      `${failures.length} of ${stories.length} stories failed`,
      failures.join("\n"),
      "Correct this, then move the epic back into this lane; or move the cards of these stories on their own.",
    );
  }
  await comment(run, what, `Done for ${stories.map(({ reference }) => reference).join(", ")}: see their cards.`);
}

function isBatch(run: Run, workspace: Workspace): boolean {
  return run.batch === undefined && !worksAlone(run) && workspace.isLocked(prdPath);
}

/** A card that has no children: a story, or any card in single-card mode. */
export function worksAlone(run: Run): boolean {
  return isStory(run.reference) || run.config.mode === "single-card";
}

/** The stories of the approved plan whose cards wait where the spawner put them, in the order of the plan. */
async function waitingStories(run: Run, workspace: Workspace): Promise<readonly Run[]> {
  const plan = parsePrd((await readArtifact(workspace, prdPath)) ?? "");
  if (plan.kind === "invalid") fail("no story was worked", plan.errors.join("; "), `Correct ${prdPath}.`);
  const { children } = await listEpicCards(openFanOut(run, plan.stories));
  const missing = plan.stories.filter(({ id }) => !children.has(id));
  if (missing.length > 0) {
    fail(
      "no story was worked",
      `there is no card for ${missing.map(({ id }) => id).join(", ")}`,
      'Move the epic back to "5. Plan Approved", so that the missing cards are made.',
    );
  }
  const waiting = [...children.values()].flatMap((cards) =>
    cards.filter((card) => card.is_active !== 0 && run.laneOfColumn(card.column_id) === planApprovedLane).slice(0, 1),
  );
  if (waiting.length === 0) {
    fail(
      "no story was worked",
      "people have moved the cards of all stories on, and each is worked on its own card",
      'Move the epic to "9. Code Review" when they are done.',
    );
  }
  return waiting.map((card) => run.ofStory(card));
}
