import { attach } from "../cards/attach.ts";
import { commentOnce } from "../cards/comment-once.ts";
import type { Run } from "../runs/run.ts";

/** Says on the card what was done; once for each name and cause. */
export function comment(run: Run, name: string, text: string): Promise<void> {
  const limit = run.limits.commentCharsMax;
  return commentOnce(run.board, {
    card: run.handle,
    marker: run.marker(name),
    text: text.length <= limit ? text : `${text.slice(0, limit)}…`,
    mayExist: run.resumed,
  });
}

/** Shows an artifact on the card, under the last part of its path. */
export function attachArtifact(run: Run, path: string, content: string): Promise<void> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return attach(run.board, { projectId: run.projectId, card: run.handle, name, content });
}
