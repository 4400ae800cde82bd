import { attach } from "../cards/attach.ts";
import { commentOnce } from "../cards/comment-once.ts";
import type { Run } from "../runs/run.ts";
import { fail, need } from "../runs/run-stop.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** Says on the card what was done; once for each name and cause. A card with too many comments fails, and is told so. */
export async function comment(run: Run, name: string, text: string): Promise<void> {
  const { commentCharsMax } = run.limits;
  const isNew = await commentOnce(run.board, {
    card: run.handle,
    marker: run.marker(name),
    text: text.length <= commentCharsMax ? text : `${text.slice(0, commentCharsMax)}…`,
    mayExist: run.policies.comments.mayExist(run.resumed),
    // A failure is told in any case.
    ...(name === failureComment ? {} : { beforeWriting: () => requireRoom(run) }),
  });
  if (isNew) await run.spend({ comments: 1 });
}

async function requireRoom(run: Run): Promise<void> {
  const { commentsPerCardMax } = run.limits;
  const { comments } = need(await run.spending(), "read what the card has cost");
  if (comments < commentsPerCardMax) return;
  run.ports.log.event("limit.reached", { limit: "commentsPerCardMax", card: run.reference, value: comments });
  fail(
    "the card has too many comments",
    `runs have written ${comments} on it, and ${commentsPerCardMax} are allowed`,
    "Go on with a new card, or raise the limit and move the card back into this lane.",
  );
}

/** The name of the comment that tells why a run failed. */
export const failureComment = "failed";

/**
 * Says on the card what somebody changed beside the process and what is put back. Before it is done: whoever is cut off
 * in between finds the change again, and tells it.
 */
export async function reportPutBack(run: Run, workspace: Workspace, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (!workspace.isNews(path)) continue;
    await comment(
      run,
      `put back ${path}`,
      `${path} was changed by a program, or by hand, and not by the process: it is put back as it was.`,
    );
  }
}

/** Shows an artifact on the card, under the last part of its path. */
export function attachArtifact(run: Run, path: string, content: string): Promise<void> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return attach(run.board, { projectId: run.projectId, card: run.handle, name, content });
}
