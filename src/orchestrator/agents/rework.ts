import { commentOnce } from "../cards/comment-once.ts";
import { laneTitles } from "../decide/lanes.ts";
import { staleTag, tagsOfLaterLanes } from "../decide/rework.ts";
import type { Run } from "../runs/run.ts";
import { need, RunStop } from "../runs/run-stop.ts";
import type { Workspace } from "../workspace/workspace.ts";

/**
 * A card that people moved back to the lane of an approved artifact: it is opened again, with a record that says why.
 * Called when there is something new to put in its place, not before: a card that people have moved away again in the
 * meantime, because the move was a slip, loses nothing that was approved.
 */
export async function reopen(run: Run, workspace: Workspace, path: string): Promise<void> {
  const intent = `reopen:${path}`;
  const earlier = run.resumed ? run.record.intent(intent) : undefined;
  if (!workspace.isLocked(path) && typeof earlier !== "string") return;
  await requireStillHere(run);
  const reason = typeof earlier === "string" ? earlier : await reasonOfPeople(run);
  if (earlier === undefined) need(await run.record.saveIntent(intent, reason), "write down the intent");
  const asked = { card: run.reference, cause: run.causeName, reason };
  need(await run.policies.approval.unlock(workspace, path, asked), `open ${path} again`);
  await commentOnce(run.board, {
    card: run.handle,
    marker: run.marker(`reopened ${path}`),
    text: `${path} is open again: ${reason} What was made from it is stale until it is approved as it was, or made again.`,
    mayExist: run.resumed,
  });
}

/** A card that came back has not been in the lanes behind this one: its tags must not say so. */
export async function leaveLaterLanes(run: Run): Promise<void> {
  const later = [...tagsOfLaterLanes(run.lane.lane), staleTag];
  if (run.tagsAtDispatch?.some((tag) => later.includes(tag)) !== true) return;
  await changeTags(run, later);
}

async function requireStillHere(run: Run): Promise<void> {
  const asked = run.batch ?? run;
  const card = need(await run.board.getTask(asked.handle), "read the card");
  const isHere =
    card !== null &&
    card.is_active !== 0 &&
    card.date_moved === run.cause.dateMoved &&
    run.laneOfColumn(card.column_id) === run.cause.lane;
  if (isHere) return;
  if (card !== null) await changeTags(asked, [run.lane.startedTag]);
  throw new RunStop({ kind: "stale", reason: "people moved the card on before anything approved was changed" });
}

async function changeTags(run: Run, remove: readonly string[]): Promise<void> {
  const answer = await run.policies.tags.write({
    board: run.board,
    projectId: run.projectId,
    card: run.handle,
    atDispatch: run.tagsAtDispatch,
    add: [],
    remove,
  });
  need(answer, "change the tags");
}

const reasonCharsMax = 300;

/** What people wrote last, in one line; what they did when they wrote nothing. */
async function reasonOfPeople(run: Run): Promise<string> {
  const comments = need(await run.board.getAllComments(run.handle), "read the comments");
  const own = /^\[.+\/.+\]$/;
  const byPeople = comments.filter(({ comment }) => !own.test(comment.split("\n").at(-1) ?? ""));
  const newest = byPeople.toSorted((left, right) => left.id - right.id).at(-1);
  if (newest === undefined) return `moved back to "${laneTitles[run.cause.lane - 1]!}".`;
  return `"${newest.comment
    .replace(/[\u0000-\u001f\u007f]+/g, " ")
    .trim()
    .slice(0, reasonCharsMax)}".`;
}
