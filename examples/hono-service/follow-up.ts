import { makeTag, openCards, reviewColumn, writeCard, type Card } from "./board.ts";

/** Whether whoever asks may write the card of this title. */
export type MayWrite = (title: string, cards: readonly Card[]) => boolean | Promise<boolean>;

/** Writes a card `Review: …` for each card in the review column. */
export async function followUp(mayWrite: MayWrite): Promise<void> {
  const column = await reviewColumn();
  const cards = await openCards();
  for (const card of cards.filter(({ column_id }) => column_id === column)) {
    const title = `Review: ${card.title}`;
    if (await mayWrite(title, cards)) await writeCard(title);
  }
}

/** Looks whether the card is there. It may be there a moment later, for others look as well. */
export const unlessThere: MayWrite = (title, cards) => cards.every((card) => card.title !== title);

/** As above; and of those who find no card, one gets the tag, by the board's own rule that a name is given once. */
export const whoeverGetsTheTag: MayWrite = async (title, cards) =>
  unlessThere(title, cards) && (await makeTag(`wrote ${title}`)) !== false;
