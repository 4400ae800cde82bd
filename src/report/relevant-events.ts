import { canonicalJson, type JsonValue } from "../base/json.ts";
import type { AnsweredEvent, ChangeEvent, HistoryEvent } from "../history/event.ts";
import type { Violation } from "../invariants/invariant.ts";
import type { Case } from "../sim/case.ts";
import { CardNames } from "./card-names.ts";

export interface RelevanceInput {
  readonly events: readonly HistoryEvent[];
  readonly case: Case;
  readonly violation?: Violation;
  readonly linesMax: number;
}

/**
 * Which events bear on a failure, in order: faults and what they did to processes, what happened to the card or file
 * that the failure names, what the schedule was bent for; the nearer to the violation the better.
 *
 * @returns at most `linesMax` indices, ascending
 */
export function relevantEvents(input: RelevanceInput): number[] {
  const { events, violation } = input;
  const weights = eventWeights(input);
  const last = Math.min(violation?.eventIndex ?? events.length, events.length - 1);
  const weighed: { readonly index: number; readonly weight: number }[] = [];
  // What must happen in the end went wrong where the last fault struck, and not where the end showed it.
  const showsAtEnd = violation !== undefined && violation.eventIndex >= events.length;
  const decisive = showsAtEnd ? events.findLastIndex(({ kind }) => kind === "fault") : -1;
  const centre = decisive === -1 ? last : decisive;
  let fillers = 0;
  for (let index = last; index >= 0; index--) {
    const weight = weights[index]!;
    if (weight === 0 || (weight < relatedWeight && Math.abs(index - centre) > fillersWithin)) continue;
    if (weight < relatedWeight && ++fillers > fillersMax) continue;
    // What lies nearer to the failure explains more.
    const nearness = 1 - Math.abs(index - centre) / Math.max(1, last);
    weighed.push({ index, weight: weight + nearnessWeight * nearness });
  }
  if (violation !== undefined && violation.eventIndex < events.length) {
    weighed.push({ index: violation.eventIndex, weight: Number.POSITIVE_INFINITY });
  }
  const kept = weighed
    .toSorted((left, right) => right.weight - left.weight || left.index - right.index)
    .slice(0, input.linesMax)
    .map(({ index }) => index);
  return [...new Set(kept)].toSorted((left, right) => left - right);
}

/** How much each event bears on the failure: 0 for nothing, from `namedWeight` on for what it names. */
export function eventWeights(input: Omit<RelevanceInput, "linesMax">): number[] {
  const weigher = new Weigher(input);
  return input.events.map((event) => weigher.weigh(event));
}

export const namedWeight = 22;
/** What changes or fails, of that. */
export const changeWeight = 60;

class Weigher {
  private readonly words: readonly RegExp[];
  /** What those belong to: the epic of a story, the folder of a file. */
  private readonly owners: readonly RegExp[];
  private readonly bentSites: ReadonlySet<string>;
  private readonly cards: CardNames;
  private readonly answered = new Set<number>();
  private readonly changed = new Set<number>();
  /** Temporary files that take the name of another one: that is told when they do. */
  private readonly renamed = new Set<JsonValue | undefined>();

  constructor({ events, violation, case: input }: Omit<RelevanceInput, "linesMax">) {
    const words = wordsOf(violation?.place ?? "");
    this.words = words.map(patternOf);
    this.owners = words
      .filter((word) => word.lastIndexOf("/") > 0)
      .map((word) => patternOf(word.slice(0, word.lastIndexOf("/"))));
    this.cards = new CardNames(events);
    const bent = [...input.preemptions, ...input.preemptions.map(({ until }) => until), ...input.delays];
    // A schedule that was not shrunk bends everywhere, which says nothing.
    this.bentSites = new Set(bent.length <= bentSitesMax ? bent.map(({ site }) => site) : []);
    for (const [index, event] of events.entries()) {
      if (event.kind === "change" && event.op !== undefined) this.changed.add(event.op.id);
      if (event.kind === "change" && event.change.type === "file.renamed") this.renamed.add(event.change["from"]);
      if (event.kind !== "answered") continue;
      this.answered.add(event.op.id);
      // The disk does not say whose operation changed it, but the answer follows at once.
      const before = events[index - 1];
      if (before?.kind === "change" && before.change["by"] === event.op.process) this.changed.add(event.op.id);
    }
  }

  weigh(event: HistoryEvent): number {
    switch (event.kind) {
      case "fault":
        return 100;
      case "process":
        if (event.what === "start") return event.incarnation > 0 ? 80 : 6;
        return event.what === "finish" ? 5 : 90;
      case "change":
        return this.weighChange(event.change);
      case "note":
        if (this.names(canonicalJson(event.fields)) || this.words.length === 0)
          return routineNotes.test(event.name) ? 42 : 60;
        return this.namesOwner(canonicalJson(event.fields)) ? 40 : 15;
      case "answered":
        if (this.bentSites.has(event.op.site)) return 75;
        if (silentNames.has(event.op.name)) return 0;
        if (event.outcome !== "ok" && !isMiss(event)) return this.names(event.op.key) ? 65 : 30;
        // Its change tells more, and has been told.
        if (this.changed.has(event.op.id)) return 0;
        return this.names(event.op.key) ? namedWeight : 2;
      case "sent":
        if (silentNames.has(event.op.name)) return 0;
        // An answer tells more. Without one it may still have had its effect.
        return this.answered.has(event.op.id) ? 0 : this.names(event.op.key) ? 25 : 1;
      case "effect":
        return 0;
    }
  }

  private weighChange(change: ChangeEvent["change"]): number {
    if (change.type === "file.written" && this.renamed.has(change["path"])) return 1;
    if (this.cards.savesNothing(change)) return 0;
    const text = `${canonicalJson(change)} ${this.cards.of(change["card"])}`;
    if (this.names(text)) return change.type === "metadata.saved" ? 30 : 70;
    return this.namesOwner(text) ? 45 : 12;
  }

  private namesOwner(text: string): boolean {
    return this.owners.some((word) => word.test(text));
  }

  private names(text: string): boolean {
    return this.words.some((word) => word.test(text));
  }
}

/**
 * What a place names: references, paths, ids. Plain words, as `lane`, are everywhere; they count when there is nothing
 * else. The name of an epic is not meant where it begins the name of a story or a path.
 */
function wordsOf(place: string): string[] {
  const words = place.split(/[\s,;()"]+/).filter((word) => word.length > 2 && !kindsOfThings.has(word));
  const names = words.filter((word) => /[^a-z]/.test(word));
  return names.length === 0 ? words : names;
}

function patternOf(word: string): RegExp {
  return new RegExp(`(?<![\\w-])${word.replaceAll(/[^\w]/g, "\\$&")}(?![\\w/-])`);
}

/** Nothing was there, and nobody says that there should have been. */
function isMiss({ outcome, detail }: AnsweredEvent): boolean {
  return outcome === "fail" && detail === "ENOENT";
}

const kindsOfThings: ReadonlySet<string> = new Set(["program", "lane", "tag", "comment"]);

/** Waiting, and what the world does to itself: both show in what follows. */
const silentNames: ReadonlySet<string> = new Set(["clock.sleep", "world"]);
/** What comes with every run, and rarely is the point. */
const routineNotes = /^(agent|lease|webhook)\./;
const nearnessWeight = 14;
/** What weighs less has nothing to do with what the failure names. A little of it around the failure shows the scene. */
const relatedWeight = 20;
const fillersMax = 8;
const fillersWithin = 60;
const bentSitesMax = 24;
