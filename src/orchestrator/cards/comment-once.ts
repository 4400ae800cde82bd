import type { Board, CardHandle } from "../board/board.ts";
import { mustBeCreated } from "../board/board.ts";
import { need } from "../runs/run-stop.ts";

export interface KeyedComment {
  readonly card: CardHandle;
  /** A line of its own, by which the comment is found again. */
  readonly marker: string;
  readonly text: string;
  /** An earlier attempt may have written it. */
  readonly mayExist: boolean;
  /** Asked when it does not stand there yet. @throws RunStop when the card may not have it */
  readonly beforeWriting?: () => Promise<void>;
}

/** Writes a comment unless it stands there already. @returns whether it was written now */
export async function commentOnce(board: Board, comment: KeyedComment): Promise<boolean> {
  const { card, marker, text } = comment;
  if (comment.mayExist) {
    const comments = need(await board.getAllComments(card), "read the comments");
    if (comments.some((existing) => existing.comment.split("\n").includes(marker))) return false;
  }
  await comment.beforeWriting?.();
  need(mustBeCreated(await board.createComment(card, `${text}\n\n${marker}`)), "write a comment");
  return true;
}
