import type { HistoryEvent, OpIdentity } from "../../../history/event.ts";
import { CardNames } from "../../card-names.ts";
import { actorOf, describeEvent } from "../../event-words.ts";
import { plainLine } from "../../plain-line.ts";
import { findCauses, type Cause } from "./causes.ts";
import { findLanes, serviceOf, type Lane } from "./lanes.ts";

/** A run as the page draws it: its events in lanes, the operations that span them, and what caused what. */
export class Run {
  readonly events: readonly HistoryEvent[];
  readonly lanes: readonly Lane[];
  readonly spans: readonly Span[];
  readonly causes: readonly Cause[];
  readonly cards: CardNames;
  /** The lane of each event. */
  readonly laneOf: readonly number[];
  /** The operation of each event, as an index of `spans`; -1 for none. */
  readonly spanOf: readonly number[];
  private readonly texts: (string | undefined)[] = [];

  constructor(events: readonly HistoryEvent[]) {
    this.events = events;
    this.cards = new CardNames(events);
    const { lanes, laneByName } = findLanes(events);
    this.lanes = lanes;
    const { spans, spanOf } = findSpans(events);
    this.spanOf = spanOf;
    this.causes = findCauses(events);
    const receivers = new Map(this.causes.map(({ from, to }) => [spanOf[from]!, actorLane(events[to]!)]));
    this.spans = spans.map((span, index) => ({
      ...span,
      from: laneByName.get(serviceOf(span.op.process) ?? span.op.process) ?? 0,
      to: laneByName.get(receivers.get(index) ?? targetOf(span.op, laneByName) ?? ""),
    }));
    this.laneOf = events.map((event, index) => {
      const span = this.spans[spanOf[index]!];
      switch (event.kind) {
        case "process":
        case "note":
          return laneByName.get(event.process)!;
        case "change":
          return laneByName.get(storeLane(event.change.store))!;
        case "effect":
          return span?.to ?? span?.from ?? 0;
        case "sent":
        case "answered":
        case "fault":
          return span?.from ?? 0;
      }
    });
  }

  actor(index: number): string {
    return plainLine(actorOf(this.events[index]!), 60);
  }

  /** What happened, on one line that holds nothing but what can be seen. */
  text(index: number): string {
    return (this.texts[index] ??= plainLine(describeEvent(this.events[index]!, this.cards), 600));
  }
}

/** One operation, by the indices of its events. */
export interface Span {
  readonly op: OpIdentity;
  /** The lane of its sender. */
  readonly from: number;
  /** The lane of the service, or of the process that it reaches; undefined for what stays with its sender, as a sleep. */
  readonly to: number | undefined;
  readonly sent: number;
  /** Its effects and changes, ascending. */
  readonly effects: readonly number[];
  /** -1 where nobody learned the result. */
  readonly answered: number;
  readonly outcome: "ok" | "fail" | "unknown" | "pending";
  /** The latest of its events. */
  readonly last: number;
}

interface OpenSpan {
  readonly op: OpIdentity;
  readonly sent: number;
  readonly effects: number[];
  answered: number;
  outcome: Span["outcome"];
  last: number;
}

function findSpans(events: readonly HistoryEvent[]): {
  readonly spans: readonly OpenSpan[];
  readonly spanOf: readonly number[];
} {
  const spans: OpenSpan[] = [];
  const byId = new Map<number, number>();
  const bySite = new Map<string, number>();
  const spanOf = events.map((event, index) => {
    if (event.kind === "fault") return bySite.get(event.site) ?? -1;
    if (!("op" in event) || event.op === undefined) return -1;
    const { op } = event;
    let at = byId.get(op.id);
    if (at === undefined) {
      at = spans.push({ op, sent: index, effects: [], answered: -1, outcome: "pending", last: index }) - 1;
      byId.set(op.id, at);
      bySite.set(op.site, at);
    }
    const span = spans[at]!;
    span.last = index;
    if (event.kind === "effect" || event.kind === "change") span.effects.push(index);
    if (event.kind === "answered") {
      span.answered = index;
      span.outcome = event.outcome;
    }
    return at;
  });
  return { spans, spanOf };
}

function actorLane(event: HistoryEvent): string {
  if ("op" in event && event.op !== undefined) return serviceOf(event.op.process) ?? event.op.process;
  return "process" in event ? event.process : "";
}

function targetOf({ name }: OpIdentity, lanes: ReadonlyMap<string, number>): string | undefined {
  const service = name.split(".", 1)[0]!;
  if (lanes.has(`program:${service}`)) return `program:${service}`;
  return name.includes(".") && lanes.has(service) ? service : undefined;
}

function storeLane(store: string): string {
  return store === "program" ? "programs" : store;
}
