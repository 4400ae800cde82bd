import { sameCause, type Cause } from "../runs/run-record.ts";

/** What this process knows of a card's latest cause, so that it need not ask the disk at every tick. */
export interface Memory {
  readonly cause: Cause;
  readonly reference: string;
  /** `acknowledged` for good; `waiting` until a time of the wall clock. */
  readonly state: "acknowledged" | "waiting";
  readonly notBeforeMs: number;
  /** When its tags can be checked a last time; undefined when that is done. */
  readonly confirmAfterMs: number | undefined;
}

/** One memory for each card: a later cause replaces the earlier one. */
export class Memo {
  private readonly byCard = new Map<number, Memory>();
  private readonly unconfirmed = new Set<number>();

  get(cause: Cause): Memory | undefined {
    const memory = this.byCard.get(cause.cardId);
    return memory !== undefined && sameCause(memory.cause, cause) ? memory : undefined;
  }

  acknowledge(cause: Cause, reference: string, confirmAfterMs: number | undefined): void {
    this.byCard.set(cause.cardId, { cause, reference, state: "acknowledged", notBeforeMs: 0, confirmAfterMs });
    if (confirmAfterMs === undefined) this.unconfirmed.delete(cause.cardId);
    else this.unconfirmed.add(cause.cardId);
  }

  wait(cause: Cause, reference: string, notBeforeMs: number): void {
    this.byCard.set(cause.cardId, { cause, reference, state: "waiting", notBeforeMs, confirmAfterMs: undefined });
    // The next run sets this card's tags in any case.
    this.unconfirmed.delete(cause.cardId);
  }

  /** Acknowledged causes whose tags are still to be confirmed, in the order in which they ended. */
  toConfirm(): readonly Memory[] {
    return this.unconfirmed.size === 0 ? none : [...this.unconfirmed].flatMap((id) => this.byCard.get(id) ?? []);
  }

  /** Forgets cards that the board no longer lists. */
  keepOnly(cardIds: ReadonlySet<number>): void {
    for (const cardId of this.byCard.keys()) {
      if (!cardIds.has(cardId) && !this.unconfirmed.has(cardId)) this.byCard.delete(cardId);
    }
  }

  get size(): number {
    return this.byCard.size;
  }
}

const none: readonly Memory[] = [];
