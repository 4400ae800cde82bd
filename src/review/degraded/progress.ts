import type { BoardChange } from "../../history/changes.ts";
import type { HistoryEvent } from "../../history/event.ts";

/** What a run has brought about, and what it has shown to people on the way. */
export interface Progress {
  /** Each piece of work when it was first there: a card, a tag, an attached file, a card in a column. In order. */
  readonly done: ReadonlyMap<string, DonePiece>;
  /** Cards on which the system has said something, when it first did. */
  readonly commented: ReadonlyMap<string, DonePiece>;
  /** Cards that people have moved, in order. */
  readonly movedByPeople: readonly DonePiece[];
  readonly alarms: number;
  readonly comments: number;
  readonly failedCards: number;
}

export interface DonePiece {
  readonly card: string;
  readonly byPeople: boolean;
  readonly atUs: number;
}

export function readProgress(events: readonly HistoryEvent[]): Progress {
  const names = new Map<number, string>();
  const done = new Map<string, DonePiece>();
  const commented = new Map<string, DonePiece>();
  const movedByPeople: DonePiece[] = [];
  const failed = new Set<number>();
  let alarms = 0;
  let comments = 0;
  for (const event of events) {
    if (event.kind === "note" && !people.has(event.process) && isAlarm(event.name)) alarms++;
    if (event.kind !== "change" || event.change.store !== "board") continue;
    const change = event.change as BoardChange;
    if (change.type === "card.created" || change.type === "card.updated") {
      names.set(change.card, change.reference === "" ? change.title : change.reference);
    }
    const byPeople = people.has(event.op?.process ?? "");
    if (change.type === "comment.created" && !byPeople) comments++;
    if (change.type === "tags.set") setMember(failed, change.card, change.tags.some(isFailure));
    const card = names.get(change.card) ?? `card ${change.card}`;
    const there: DonePiece = { card, byPeople, atUs: event.atUs };
    if (change.type === "comment.created" && !byPeople && !commented.has(card)) commented.set(card, there);
    for (const piece of piecesOf(change)) {
      const name = `${card} ${piece}`;
      if (!done.has(name)) done.set(name, there);
    }
    if (change.type === "card.moved" && byPeople) movedByPeople.push(there);
  }
  return { done, commented, movedByPeople, alarms, comments, failedCards: failed.size };
}

/** In words that follow the card's name. */
function piecesOf(change: BoardChange): readonly string[] {
  switch (change.type) {
    case "card.created":
      return ["is there"];
    case "card.moved":
      return [`in ${change.to}`];
    case "card.closed":
      return ["is closed"];
    case "tags.set":
      return change.tags.filter((tag) => !isFailure(tag)).map((tag) => `has ${tag}`);
    case "file.created":
      return [`has ${change.name}`];
    default:
      return [];
  }
}

function setMember(set: Set<number>, member: number, isMember: boolean): void {
  if (isMember) set.add(member);
  else set.delete(member);
}

const people: ReadonlySet<string> = new Set(["people", "operator"]);

function isFailure(tag: string): boolean {
  return /fail|error|needs-human|blocked/i.test(tag);
}

/** A log says so by the name of the event. */
function isAlarm(name: string): boolean {
  return /(?:^alarm|fail|error|limit\.reached|breaker\.opened)/i.test(name) && !name.endsWith(".cleared");
}
