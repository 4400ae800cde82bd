import type { BoardSnapshot } from "./readers/board-database.ts";
import { textOf } from "./readers/reader.ts";
import type { IncidentEvent } from "./incident-event.ts";
import type { Timeline } from "./timeline.ts";

/** What was wrong, in terms of the invariants that a simulation judges. */
export interface Symptom {
  /** Ids of invariants: any of them. */
  readonly invariants: readonly string[];
  /** Words that the place of the violation must have; none for any place. */
  readonly place: readonly string[];
  /** How it is known, in words. */
  readonly from: string;
}

/**
 * Reads `I2`, `I2,I4`, or `V1: card 12 lane 5`. Cards may be called by their numbers on the board.
 *
 * @returns undefined when the text begins with no id
 */
export function parseSymptom(text: string, cards: ReadonlyMap<number, string>): Symptom | undefined {
  const [, ids, place = ""] = /^\s*([A-Za-z][\w-]*(?:\s*,\s*[A-Za-z][\w-]*)*)\s*(?::\s*(.*))?$/s.exec(text) ?? [];
  if (ids === undefined) return undefined;
  const named = place.replace(
    /\b(?:card|task)\s+#?(\d+)\b/gi,
    (whole, number: string) => cards.get(Number(number)) ?? whole,
  );
  return {
    invariants: ids.split(",").map((id) => id.trim()),
    place: named.split(/[\s,]+/).filter((word) => word !== "" && !/^(?:card|task|story|epic)$/i.test(word)),
    from: "as you said",
  };
}

/** Whether a violation is the one that is looked for. */
export function showsSymptom(
  { invariants, place }: Symptom,
  violation: { readonly invariant: string; readonly place: string },
): boolean {
  if (!invariants.includes(violation.invariant)) return false;
  const words = new Set(violation.place.split(/[\s,]+/).map((word) => word.toLowerCase()));
  return place.every((word) => words.has(word.toLowerCase()));
}

/** What is wrong with the board as the logs leave it, the surest first. Empty when it looks as it should. */
export function findSymptoms({ events }: Timeline, snapshot: BoardSnapshot | undefined): readonly Symptom[] {
  return [
    ...doubledStories(snapshot, events),
    ...overlappingRuns(events),
    ...lostStories(snapshot, events),
    ...stuckCards(snapshot, events),
  ];
}

/** Stories with more than one open card: of a copy of the board, or by what was created and never closed. */
function doubledStories(snapshot: BoardSnapshot | undefined, events: readonly IncidentEvent[]): readonly Symptom[] {
  const open = new Map<string, Set<number>>();
  for (const card of snapshot?.cards.filter(({ isOpen }) => isOpen) ?? createdAndOpen(events)) {
    if (!card.reference.includes("/")) continue;
    open.set(card.reference, (open.get(card.reference) ?? new Set()).add(card.card));
  }
  return [...open]
    .filter(([, cards]) => cards.size > 1)
    .map(([reference, cards]) => ({
      invariants: ["I2", "I4"],
      place: [reference],
      from: `${reference} has ${cards.size} open cards: ${[...cards].map((card) => `#${card}`).join(", ")}`,
    }));
}

function createdAndOpen(
  events: readonly IncidentEvent[],
): readonly { readonly card: number; readonly reference: string }[] {
  const cards = events.filter((event) => event.kind === "card" || event.kind === "delivery");
  const closed = new Set(
    cards.filter((event) => event.kind === "card" && event.what === "closed").map(({ card }) => card),
  );
  const created = cards.filter((event) =>
    event.kind === "card" ? event.what === "created" : event.event === "task.create",
  );
  const said = events.flatMap((event) => {
    if (event.kind !== "note" || event.name !== "spawn.created") return [];
    const { epic, story, cardId } = event.fields;
    return typeof cardId === "number" ? [{ card: cardId, reference: `${textOf(epic)}/${textOf(story)}` }] : [];
  });
  return [...created.map(({ card, reference }) => ({ card, reference })), ...said].filter(
    ({ card }) => !closed.has(card),
  );
}

/** An epic whose fan-out is said to be done, with stories that have no card. */
function lostStories(snapshot: BoardSnapshot | undefined, events: readonly IncidentEvent[]): readonly Symptom[] {
  if (snapshot === undefined) return [];
  const cards = new Set(snapshot.cards.map(({ reference }) => reference));
  const planned = new Set<string>();
  for (const event of events) {
    if (event.kind !== "note" || !event.name.startsWith("spawn.")) continue;
    const { epic, story } = event.fields;
    if (typeof epic === "string" && typeof story === "string") planned.add(`${epic}/${story}`);
  }
  const isSpawned = (epic: string): boolean =>
    snapshot.cards.some(
      ({ reference, tags }) =>
        reference === epic && tags.some((tag) => /^spawn\w*-(?:completed|done)|^spawned$/.test(tag)),
    );
  return [...planned]
    .filter((reference) => !cards.has(reference) && isSpawned(reference.split("/")[0]!))
    .map((reference) => ({
      invariants: ["I2", "I4"],
      place: [reference],
      from: `${reference} has no card, and its epic is spawned`,
    }));
}

/** Two runs of one cause at once: by the start of the second, the first had not ended. */
function overlappingRuns(events: readonly IncidentEvent[]): readonly Symptom[] {
  const running = new Map<string, string>();
  for (const event of events) {
    if (event.kind !== "note") continue;
    const card = textOf(event.fields["card"]);
    const place = `${card} lane ${textOf(event.fields["lane"])}`;
    if (event.name === "run.finished") running.delete(place);
    if (event.name === "process.started") running.clear();
    if (event.name !== "run.started" || card === "") continue;
    const other = running.get(place);
    const who = `${event.source} ${event.process}`;
    if (other !== undefined && other !== who) {
      return [{ invariants: ["I4", "I1"], place: [card], from: `two processes ran ${place} at once` }];
    }
    running.set(place, who);
  }
  return [];
}

/** Open cards that say that work on them has begun, long after the last word about them. */
function stuckCards(snapshot: BoardSnapshot | undefined, events: readonly IncidentEvent[]): readonly Symptom[] {
  const endMs = events.at(-1)?.atMs ?? 0;
  return (snapshot?.cards ?? [])
    .filter(
      ({ isOpen, tags }) =>
        isOpen &&
        tags.some((tag) => tag.endsWith("-started")) &&
        !tags.some((tag) => /-(?:completed|failed)$/.test(tag)),
    )
    .filter(({ reference }) => endMs - lastWordMs(reference, events) >= stuckMs)
    .map(({ reference, lane, tags }) => ({
      invariants: ["V1"],
      place: [reference],
      from: `${reference} stands in lane ${lane} with ${tags.join(", ")}, and nobody works on it`,
    }));
}

/** Longer than a lease. */
const stuckMs = 120_000;

function lastWordMs(reference: string, events: readonly IncidentEvent[]): number {
  return events.findLast((event) => event.kind === "note" && event.fields["card"] === reference)?.atMs ?? 0;
}

/** What cards are called in a simulation, by their numbers on the board. */
export function cardNames({ events }: Timeline, snapshot: BoardSnapshot | undefined): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const event of events) {
    if ((event.kind === "card" || event.kind === "delivery") && event.reference !== "")
      names.set(event.card, event.reference);
  }
  for (const { card, reference } of snapshot?.cards ?? []) if (reference !== "") names.set(card, reference);
  return names;
}
