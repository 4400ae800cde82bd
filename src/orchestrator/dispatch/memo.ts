import { sameCause, type Cause } from "../runs/run-record.ts";

/** What this process knows of a card's latest cause, so that it need not ask the disk at every tick. */
export interface Memory {
  readonly cause: Cause;
  readonly reference: string;
  /** `acknowledged` for good; `waiting` until a time of the wall clock. */
  readonly state: "acknowledged" | "waiting";
  readonly notBeforeMs: number;
  /** When its tags are to be checked; undefined when nothing calls for it. */
  readonly confirmAfterMs: number | undefined;
  /** The card's `date_modification` when its tags were last checked; 0 when they never were. */
  readonly checkedS: number;
}

export interface TagCheck {
  readonly confirmAfterMs?: number | undefined;
  readonly checkedS?: number | undefined;
}

/** One memory for each card: a later cause replaces the earlier one. */
export class Memo {
  private readonly byCard = new Map<number, Memory>();
  private readonly unconfirmed = new Set<number>();

  get(cause: Cause): Memory | undefined {
    const memory = this.byCard.get(cause.cardId);
    return memory !== undefined && sameCause(memory.cause, cause) ? memory : undefined;
  }

  acknowledge(cause: Cause, reference: string, { confirmAfterMs, checkedS = 0 }: TagCheck): void {
    const state = "acknowledged";
    this.byCard.set(cause.cardId, { cause, reference, state, notBeforeMs: 0, confirmAfterMs, checkedS });
    if (confirmAfterMs === undefined) this.unconfirmed.delete(cause.cardId);
    else this.unconfirmed.add(cause.cardId);
  }

  wait(cause: Cause, reference: string, notBeforeMs: number): void {
    this.byCard.set(cause.cardId, {
      cause,
      reference,
      state: "waiting",
      notBeforeMs,
      confirmAfterMs: undefined,
      checkedS: 0,
    });
    // The next run sets this card's tags in any case.
    this.unconfirmed.delete(cause.cardId);
  }

  /** Whoever saved the card's form since its tags were checked may have brought back those of an older card. */
  noteModification(cause: Cause, modifiedS: number): void {
    const memory = this.get(cause);
    if (memory?.state !== "acknowledged" || memory.confirmAfterMs !== undefined || modifiedS <= memory.checkedS) return;
    this.acknowledge(cause, memory.reference, { confirmAfterMs: 0, checkedS: memory.checkedS });
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
