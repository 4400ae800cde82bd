import type { Cause } from "../runs/run-record.ts";

/** What this process knows of a card's latest cause, so that it need not ask the disk at every tick. */
export interface Memory {
  readonly lane: number;
  readonly dateMoved: number;
  /** `acknowledged` for good; `waiting` until a time of the wall clock. */
  readonly state: "acknowledged" | "waiting";
  readonly notBeforeMs: number;
  /** When its tags can be checked a last time; undefined when that is done. */
  readonly confirmAfterMs: number | undefined;
}

/** One memory for each card: a later cause replaces the earlier one. */
export class Memo {
  private readonly byCard = new Map<number, Memory>();

  get(cause: Cause): Memory | undefined {
    const memory = this.byCard.get(cause.cardId);
    return memory?.lane === cause.lane && memory.dateMoved === cause.dateMoved ? memory : undefined;
  }

  acknowledge(cause: Cause, confirmAfterMs: number | undefined): void {
    this.set(cause, { state: "acknowledged", notBeforeMs: 0, confirmAfterMs });
  }

  wait(cause: Cause, notBeforeMs: number): void {
    this.set(cause, { state: "waiting", notBeforeMs, confirmAfterMs: undefined });
  }

  /** Forgets cards that the board no longer lists. */
  keepOnly(cardIds: ReadonlySet<number>): void {
    for (const cardId of this.byCard.keys()) if (!cardIds.has(cardId)) this.byCard.delete(cardId);
  }

  get size(): number {
    return this.byCard.size;
  }

  private set({ cardId, lane, dateMoved }: Cause, memory: Omit<Memory, "lane" | "dateMoved">): void {
    this.byCard.set(cardId, { lane, dateMoved, ...memory });
  }
}
