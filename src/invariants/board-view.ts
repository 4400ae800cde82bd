import type { BoardChange } from "../history/changes.ts";
import type { ChangeEvent } from "../history/event.ts";
import { fileId, laneOfColumn, storyOf } from "./lanes.ts";
import { originOf, subjectOf, type Origin } from "./origin.ts";

/** A stay of a card in a lane. */
export interface Stay {
  readonly lane: number;
  /** Seconds, the board's own. */
  readonly dateMoved: number;
  readonly fromUs: number;
  /** Infinity while it lasts. */
  untilUs: number;
}

export interface CardView {
  readonly id: number;
  title: string;
  reference: string;
  /** What its reference was before somebody changed it. */
  readonly formerReferences: string[];
  readonly copyOf: number | undefined;
  readonly createdUs: number;
  readonly creator: Origin;
  /** What the creating call was for: a reference, in a call of the core. */
  readonly createdFor: string;
  state: "open" | "closed" | "removed";
  readonly stays: Stay[];
  tags: readonly string[];
  readonly metadata: Map<string, string>;
  readonly comments: { readonly text: string; readonly atUs: number; readonly by: Origin }[];
  /** Attachments by name: how many of each. */
  readonly attachments: Map<string, number>;
}

/** The board as its changes tell it. */
export class BoardView {
  /** By id, in order of creation. */
  readonly cards = new Map<number, CardView>();
  lastChangeUs = 0;

  observe(event: ChangeEvent, change: BoardChange): void {
    this.lastChangeUs = event.atUs;
    if (change.type === "card.created") {
      this.cards.set(change.card, created(event, change));
      return;
    }
    const card = this.cards.get(change.card);
    if (card === undefined) return;
    switch (change.type) {
      case "card.updated":
        if (card.reference !== change.reference) card.formerReferences.push(card.reference);
        card.title = change.title;
        card.reference = change.reference;
        return;
      case "card.moved":
        stayOf(card).untilUs = event.atUs;
        card.stays.push(stay(change.to, change.dateMoved, event.atUs));
        return;
      case "card.closed":
        card.state = "closed";
        return;
      case "card.opened":
        card.state = "open";
        return;
      case "card.removed":
        card.state = "removed";
        return;
      case "tags.set":
        card.tags = change.tags;
        return;
      case "metadata.saved":
        if (change.value === null) card.metadata.delete(change.name);
        else card.metadata.set(change.name, change.value);
        return;
      case "comment.created":
        card.comments.push({ text: change.text, atUs: event.atUs, by: originOf(event.op) });
        return;
      case "file.created":
        card.attachments.set(change.name, (card.attachments.get(change.name) ?? 0) + 1);
        return;
      case "file.removed":
        card.attachments.set(change.name, (card.attachments.get(change.name) ?? 1) - 1);
        return;
      case "comment.removed":
      case "link.created":
      case "link.removed":
        return;
    }
  }

  *open(): Generator<CardView> {
    for (const card of this.cards.values()) if (card.state === "open") yield card;
  }

  /** The newest card that bears the reference, or else that ever bore it, whatever became of it. */
  lastOf(reference: string): CardView | undefined {
    let last: CardView | undefined;
    let former: CardView | undefined;
    for (const card of this.cards.values()) {
      if (card.reference === reference) last = card;
      else if (card.formerReferences.includes(reference)) former = card;
    }
    return last ?? former;
  }

  /** The oldest open card of a reference. */
  byReference(reference: string): CardView | undefined {
    for (const card of this.open()) if (card.reference === reference) return card;
    return undefined;
  }
}

/** Where the card is now. */
export function stayOf(card: CardView): Stay {
  return card.stays.at(-1)!;
}

/** In the words of the workload: numbers of the board differ from schedule to schedule. */
export function nameOf(card: CardView): string {
  return card.reference === "" ? card.title : card.reference;
}

/** How the card's work is called in file names. */
export function idOf(card: CardView): string {
  return fileId(card.metadata.get("atomic_id") ?? storyOf(card.reference) ?? card.reference);
}

function created(event: ChangeEvent, change: BoardChange & { type: "card.created" }): CardView {
  return {
    id: change.card,
    title: change.title,
    reference: change.reference,
    formerReferences: [],
    copyOf: change.copyOf,
    createdUs: event.atUs,
    creator: originOf(event.op),
    createdFor: subjectOf(event.op),
    state: "open",
    stays: [stay(change.column, change.dateMoved, event.atUs)],
    tags: change.tags,
    metadata: new Map(),
    comments: [],
    attachments: new Map(),
  };
}

function stay(column: string, dateMoved: number, fromUs: number): Stay {
  return { lane: laneOfColumn(column), dateMoved, fromUs, untilUs: Infinity };
}
