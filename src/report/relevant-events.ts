import { canonicalJson } from "../base/json.ts";
import type { HistoryEvent } from "../history/event.ts";
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
  for (let index = 0; index <= last; index++) {
    const weight = weights[index]!;
    // What lies nearer to the failure explains more.
    if (weight > 0) weighed.push({ index, weight: weight + (nearnessWeight * index) / Math.max(1, last) });
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

export const namedWeight = 40;

class Weigher {
  private readonly words: readonly string[];
  private readonly bentSites: ReadonlySet<string>;
  private readonly cards: CardNames;
  private readonly answered = new Set<number>();
  private readonly changed = new Set<number>();

  constructor({ events, violation, case: input }: Omit<RelevanceInput, "linesMax">) {
    this.words = wordsOf(violation?.place ?? "");
    this.cards = new CardNames(events);
    const bent = [...input.preemptions, ...input.preemptions.map(({ until }) => until), ...input.delays];
    // A schedule that was not shrunk bends everywhere, which says nothing.
    this.bentSites = new Set(bent.length <= bentSitesMax ? bent.map(({ site }) => site) : []);
    for (const [index, event] of events.entries()) {
      if (event.kind === "change" && event.op !== undefined) this.changed.add(event.op.id);
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
        return this.names(`${canonicalJson(event.change)} ${this.cards.of(event.change["card"])}`) ? 70 : 12;
      case "note":
        return this.names(canonicalJson(event.fields)) || this.words.length === 0 ? 60 : 15;
      case "answered":
        if (this.bentSites.has(event.op.site)) return 75;
        if (silentNames.has(event.op.name)) return 0;
        if (event.outcome !== "ok") return this.names(event.op.key) ? 65 : 30;
        // Its change tells more, and has been told.
        if (this.changed.has(event.op.id)) return 0;
        return this.names(event.op.key) ? 40 : 2;
      case "sent":
        if (silentNames.has(event.op.name)) return 0;
        // An answer tells more. Without one it may still have had its effect.
        return this.answered.has(event.op.id) ? 0 : this.names(event.op.key) ? 25 : 1;
      case "effect":
        return 0;
    }
  }

  private names(text: string): boolean {
    return this.words.some((word) => text.includes(word));
  }
}

/** What a place names: references, paths, ids. */
function wordsOf(place: string): string[] {
  return place.split(/[\s,;()"]+/).filter((word) => word.length > 2);
}

/** Waiting, and what the world does to itself: both show in what follows. */
const silentNames: ReadonlySet<string> = new Set(["clock.sleep", "world"]);
const nearnessWeight = 14;
const bentSitesMax = 24;
