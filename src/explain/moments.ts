import type { HistoryEvent } from "../history/event.ts";
import { eventLine } from "../history/history.ts";
import type { Violation } from "../invariants/invariant.ts";
import { CardNames } from "../report/card-names.ts";
import { actorOf, describeEvent } from "../report/event-words.ts";
import { describeFault } from "../report/fault-words.ts";
import { plainLine } from "../report/plain-line.ts";
import { changeWeight, eventWeights, namedWeight } from "../report/relevant-events.ts";
import type { Case } from "../sim/case.ts";
import type { Moment } from "./explanation.ts";

/** A run as it is compared with another: its events in words, and how much each bears on the failure. */
export class Moments {
  private readonly events: readonly HistoryEvent[];
  private readonly weights: readonly number[];
  private readonly cards: CardNames;

  /** @param violation of the failing run, also for one that holds: it names what matters */
  constructor(events: readonly HistoryEvent[], input: Case, violation: Violation | undefined) {
    this.events = events;
    this.weights = eventWeights({ events, case: input, ...(violation === undefined ? {} : { violation }) });
    this.cards = new CardNames(events);
  }

  get length(): number {
    return this.events.length;
  }

  at(event: number): Moment {
    const { atUs } = this.events[event]!;
    return { event, atUs, actor: actorOf(this.events[event]!), text: this.textAt(event) };
  }

  /** The weightiest of these events, the earliest of equals; undefined when none says anything. */
  weightiest(from: number, to: number): Moment | undefined {
    let best: number | undefined;
    for (let index = from; index < Math.min(to, this.events.length); index++) {
      if (this.weights[index]! > 0 && (best === undefined || this.weights[index]! > this.weights[best]!)) best = index;
    }
    return best === undefined ? undefined : this.at(best);
  }

  /** The first event from there on that says something, sooner or later; faults aside, which are known. */
  firstTelling(from: number): Moment | undefined {
    return this.firstOf(from, from + soon, namedWeight) ?? this.firstOf(from, this.events.length, little);
  }

  private firstOf(from: number, to: number, weightMin: number): Moment | undefined {
    for (let index = from; index < Math.min(to, this.events.length); index++) {
      if (this.weighs(index, weightMin)) return this.at(index);
    }
    return undefined;
  }

  /** Number of events with which both begin. */
  sharedWith(other: Moments): number {
    let index = 0;
    const least = Math.min(this.events.length, other.events.length);
    while (index < least && eventLine(this.events[index]!) === eventLine(other.events[index]!)) index++;
    return index;
  }

  /**
   * What bears on the failure and happens here more often than in the other, whenever and by whomever: what changes or
   * fails, or else what is only read.
   */
  notIn(other: Moments, from: number, countMax: number): Moment[] {
    const changes = this.notInFrom(other, from, countMax, changeWeight);
    return changes.length > 0 ? changes : this.notInFrom(other, from, countMax, namedWeight);
  }

  private notInFrom(other: Moments, from: number, countMax: number, weightMin: number): Moment[] {
    const theirs = new Map<string, number>();
    for (const index of other.events.keys()) {
      if (index < from || !other.weighs(index, weightMin)) continue;
      const text = other.textAt(index);
      theirs.set(text, (theirs.get(text) ?? 0) + 1);
    }
    const found: Moment[] = [];
    const told = new Set<string>();
    for (let index = from; index < this.events.length && found.length < countMax; index++) {
      if (!this.weighs(index, weightMin)) continue;
      const text = this.textAt(index);
      const left = theirs.get(text) ?? 0;
      if (left > 0) theirs.set(text, left - 1);
      else if (!told.has(text)) found.push(this.at(index));
      told.add(text);
    }
    return found;
  }

  private weighs(index: number, weightMin: number): boolean {
    return this.events[index]!.kind !== "fault" && this.weights[index]! >= weightMin;
  }

  /** Of a fault without its site, which stands in the case. */
  private textAt(index: number): string {
    const event = this.events[index]!;
    const text = event.kind === "fault" ? describeFault(event.fault, event.params) : describeEvent(event, this.cards);
    return plainLine(text, textLengthMax);
  }
}

const textLengthMax = 120;
/** More than start and end of processes, and what bears on nothing. */
const little = 7;
/** Within so many events, what the failure names is told before anything else. */
const soon = 100;
