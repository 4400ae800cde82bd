import { workspaceOf } from "./approvals.ts";
import { nameOf, type CardView } from "./board-view.ts";
import type { Evidence } from "./evidence.ts";
import { planPath, spawnLane, storyOf } from "./lanes.ts";
import type { RunView } from "./run-view.ts";

/** First and last lane in which stories are worked. */
const firstStoryLane = 6;
const lastStoryLane = 8;

/**
 * The cards whose work a run is accountable for: its own; or, when an epic with an approved plan is worked in the lanes
 * of stories, those of its stories that have been waiting where they were made since before the run began.
 */
export function cardsOfRun(evidence: Evidence, run: RunView): readonly CardView[] {
  const card = evidence.board.cards.get(run.cardId);
  if (card === undefined) return [];
  if (!isBatch(evidence, run, card)) return [card];
  return [...evidence.board.cards.values()].filter(
    (each) =>
      each.state === "open" &&
      nameOf(each).startsWith(`${run.card}/`) &&
      each.stays.some(
        ({ lane, fromUs, untilUs }) => lane === spawnLane && fromUs < run.startedUs && untilUs === Infinity,
      ),
  );
}

function isBatch(evidence: Evidence, run: RunView, card: CardView): boolean {
  if (run.lane < firstStoryLane || run.lane > lastStoryLane || storyOf(run.card) !== undefined) return false;
  const workspace = workspaceOf(evidence.facts, card);
  return workspace !== undefined && evidence.approvals.at(`${workspace}/${planPath}`) !== undefined;
}
