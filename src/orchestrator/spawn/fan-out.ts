import type { CardRow } from "../board/rows.ts";
import { doneLane, planApprovedLane } from "../decide/lanes.ts";
import type { Story } from "../decide/prd.ts";
import { storyReference } from "../decide/reference.ts";
import type { Run } from "../runs/run.ts";
import { need, tryLater } from "../runs/run-stop.ts";

/** One epic on its way to one card for each story. */
export interface FanOut {
  readonly run: Run;
  readonly stories: readonly Story[];
  readonly columnId: number;
}

/** The cards that belong to an epic, at the moment of one listing. */
export interface EpicCards {
  /** Story id to its open cards by id, or to its closed ones in the last lane when no open one is left. */
  readonly children: ReadonlyMap<string, readonly CardRow[]>;
  /** Open cards that bear the epic's own reference: copies that did not get a key yet. By id. */
  readonly copies: readonly CardRow[];
  /** Open cards of the epic's stories that the plan does not know. By id. */
  readonly others: readonly CardRow[];
  /** Stories that have or had a card, open or closed, and those of the plan: what the epic has come to in its life. */
  readonly storiesEver: number;
}

export function openFanOut(run: Run, stories: readonly Story[]): FanOut {
  const columnId = run.columnOfLane(planApprovedLane);
  if (columnId === undefined) tryLater("the board has no column for approved plans");
  return { run, stories, columnId };
}

/** A failure of the listing is a failure, never "there are none". */
export async function listEpicCards(fanOut: FanOut): Promise<EpicCards> {
  const { run, stories } = fanOut;
  const open = need(await run.board.getAllTasks(run.projectId), "list the open cards");
  const children = new Map<string, readonly CardRow[]>();
  const byReference = groupByReference(open);
  const missing: Story[] = [];
  for (const story of stories) {
    const cards = byReference.get(storyReference(run.reference, story.id));
    if (cards === undefined) missing.push(story);
    else children.set(story.id, cards);
  }
  const prefix = storyReference(run.reference, "");
  const ever = new Set(stories.map((story) => storyReference(run.reference, story.id)));
  // A story whose card was finished and closed is not lost. On a first attempt for an untouched epic this is one call.
  if (missing.length > 0) {
    const closed = need(await run.board.getAllTasks(run.projectId, "closed"), "list the closed cards");
    for (const { reference } of [...open, ...closed]) if (reference.startsWith(prefix)) ever.add(reference);
    const finished = groupByReference(closed.filter((card) => run.laneOfColumn(card.column_id) === doneLane));
    for (const story of missing) {
      const cards = finished.get(storyReference(run.reference, story.id));
      if (cards !== undefined) children.set(story.id, cards);
    }
  }
  const copies = (byReference.get(run.reference) ?? []).filter((card) => card.id !== run.card.id);
  const planned = new Set(stories.map((story) => storyReference(run.reference, story.id)));
  const others = open.filter(({ reference }) => reference.startsWith(prefix) && !planned.has(reference));
  return { children, copies, others, storiesEver: ever.size };
}

function groupByReference(cards: readonly CardRow[]): Map<string, CardRow[]> {
  const groups = new Map<string, CardRow[]>();
  for (const card of cards) {
    const group = groups.get(card.reference);
    if (group === undefined) groups.set(card.reference, [card]);
    else group.push(card);
  }
  return groups;
}
