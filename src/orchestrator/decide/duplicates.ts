import { isStory } from "./reference.ts";

interface Keyed {
  readonly id: number;
  readonly reference: string;
}

/** Open cards that claim one reference, by reference in the order of the first card; each group by id. */
export function sameReference<Card extends Keyed>(cards: readonly Card[]): readonly (readonly Card[])[] {
  const groups = new Map<string, Card[]>();
  for (const card of cards) {
    if (card.reference === "") continue;
    const group = groups.get(card.reference);
    if (group === undefined) groups.set(card.reference, [card]);
    else group.push(card);
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => group.toSorted((left, right) => left.id - right.id));
}

/** Of the cards of one story: the oldest that is complete stays, or the oldest. @param group not empty, by id */
export function chooseChild<Card extends Keyed>(
  group: readonly Card[],
  isComplete: (card: Card) => boolean,
): { readonly kept: Card; readonly surplus: readonly Card[] } {
  const kept = group.find(isComplete) ?? group[0]!;
  return { kept, surplus: group.filter((card) => card !== kept) };
}

/** Of the cards that bear an epic's reference: the oldest is the epic, the others may be copies without a key. */
export function splitEpic<Card extends Keyed>(group: readonly Card[]): { epic: Card; copies: readonly Card[] } {
  return { epic: group[0]!, copies: group.slice(1) };
}

export function isStoryGroup(group: readonly Keyed[]): boolean {
  return isStory(group[0]!.reference);
}
