import { mustBeTrue, type Board } from "../board/board.ts";
import type { CardRow } from "../board/rows.ts";
import { labelOf } from "../decide/reference.ts";
import { need } from "../runs/run-stop.ts";
import { commentOnce } from "./comment-once.ts";

/** Closes a card that should not be there, and says why on it first. */
export async function closeCard(board: Board, card: CardRow, reason: string): Promise<void> {
  const handle = { id: card.id, label: labelOf(card) };
  const marker = `[${labelOf(card)}/closed]`;
  const text = `Closed by the orchestrator: ${reason}`;
  await commentOnce(board, { card: handle, marker, text, mayExist: true });
  need(mustBeTrue(await board.closeTask(handle)), "close a card");
  board.ports.log.event("card.closed", { cardId: card.id, reference: card.reference, reason });
}
