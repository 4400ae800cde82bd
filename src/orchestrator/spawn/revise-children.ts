import { mustBeTrue, type CardHandle } from "../board/board.ts";
import type { CardRow } from "../board/rows.ts";
import { closeCard } from "../cards/close-card.ts";
import { commentOnce } from "../cards/comment-once.ts";
import { laneTitles, planApprovedLane } from "../decide/lanes.ts";
import type { Story } from "../decide/prd.ts";
import { staleTag, tagsOfLaterLanes } from "../decide/rework.ts";
import { need } from "../runs/run-stop.ts";
import { childTitle, completeChild, planEntryField } from "./child-card.ts";
import type { FanOut } from "./fan-out.ts";

/**
 * The card of a story whose entry in the plan is another one than when the card was made: it says so, and its work is
 * stale. The field that names the entry comes last: with it the card counts as revised.
 */
export async function reviseChild(fanOut: FanOut, story: Story, child: CardRow): Promise<void> {
  const { run } = fanOut;
  const handle = { id: child.id, label: child.reference };
  const lane = run.laneOfColumn(child.column_id) ?? 0;
  const begun = lane > planApprovedLane;
  const consequence = begun
    ? `What was made from the earlier one is stale. Move the card back to "${laneTitles[5]!}", so that it is made again.`
    : "Nothing was made from the earlier one yet.";
  const marker = `[${child.reference}/revised ${run.cause.dateMoved}]`;
  const text = `The plan was approved again, and says something else of this story. ${consequence}`;
  await commentOnce(run.board, { card: handle, marker, text, mayExist: run.resumed });
  await changeTags(fanOut, handle, begun);
  const values = { title: childTitle(story), description: story.description };
  need(mustBeTrue(await run.board.updateTask(handle, values)), `revise the card of story ${story.id}`);
  await completeChild(fanOut, story, handle);
  run.ports.log.event("story.revised", { epic: run.reference, story: story.id, begun });
}

async function changeTags({ run }: FanOut, card: CardHandle, begun: boolean): Promise<void> {
  const { board, projectId } = run;
  const change = { add: begun ? [staleTag] : [], remove: tagsOfLaterLanes(planApprovedLane) };
  need(
    await run.policies.tags.write({ board, projectId, card, atDispatch: undefined, ...change }),
    "change the tags of a story",
  );
}

/**
 * Cards of stories that the plan knows no more are closed, with the reason on them. Their branches and what was approved
 * for them stay. A card that people made themselves is theirs.
 */
export async function closeVanished({ run }: FanOut, others: readonly CardRow[]): Promise<void> {
  for (const card of others) {
    const metadata = need(
      await run.board.getTaskMetadata({ id: card.id, label: card.reference }),
      "read a card's fields",
    );
    if (metadata[planEntryField] === undefined) continue;
    await closeCard(
      run.board,
      card,
      `the plan of ${run.reference}, approved again, does not know this story any more.`,
    );
  }
}
