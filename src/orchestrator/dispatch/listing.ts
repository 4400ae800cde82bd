import type { CardRow } from "../board/rows.ts";

/** Longer than one call of the board takes, and far shorter than anything that people do on purpose. */
const freshMs = 2_000;

/** The open cards of the board at one moment: what need not be asked for again, for as long as it is fresh. */
export class Listing {
  readonly cards: readonly CardRow[];
  private readonly listedMs: number;
  private readonly byId: ReadonlyMap<number, CardRow>;

  /** @param listedMs monotonic, before the board was asked */
  constructor(cards: readonly CardRow[], listedMs: number) {
    this.cards = cards;
    this.listedMs = listedMs;
    this.byId = new Map(cards.map((card) => [card.id, card]));
  }

  /** A card as it was listed a moment ago; undefined when it was not there, or the moment is over. */
  freshCard(id: number, nowMs: number): CardRow | undefined {
    return nowMs - this.listedMs <= freshMs ? this.byId.get(id) : undefined;
  }

  /** Whether an older card has this one's reference. Such a card was there before this one, so that the age does not matter. */
  hasElder({ id, reference }: CardRow): boolean {
    return this.cards.some((card) => card.id < id && card.reference === reference);
  }
}
