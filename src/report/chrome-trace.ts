import type { JsonObject, JsonValue } from "../base/json.ts";
import type { AnsweredEvent, HistoryEvent, OpIdentity } from "../history/event.ts";
import type { Violation } from "../invariants/invariant.ts";
import { CardNames } from "./card-names.ts";
import { describeEvent } from "./event-words.ts";
import { describeOperation } from "./op-words.ts";
import { plainLine } from "./plain-line.ts";

/** What a trace shows: a run, and what was wrong with it. */
export interface TraceInput {
  readonly title: string;
  readonly events: readonly HistoryEvent[];
  readonly violation?: Violation;
}

/** One entry, after the Trace Event Format. `ts` and `dur` are whole microseconds of virtual time. */
export type TraceEvent = Readonly<Record<string, JsonValue>> & { readonly ph: string };

/**
 * A run as Perfetto and chrome://tracing show it: a track for each process and service, operations as slices with
 * arrows from where they were sent over their effects to where they were answered, faults, turns of processes and the
 * violation as instants. The same run gives the same text.
 *
 * Source: "Trace Event Format" of the Chromium project, JSON object format.
 */
export function chromeTrace(input: TraceInput): string {
  const writer = new TraceWriter(input);
  const document = {
    displayTimeUnit: "ms",
    otherData: { title: input.title, clock: "virtual" },
    traceEvents: writer.write(),
  };
  return `${JSON.stringify(document)}\n`;
}

interface TracedOperation {
  readonly op: OpIdentity;
  /** Where its arrow goes along: from where it was sent over its effects to its answer, as they came to pass. */
  readonly points: [Point, ...Point[]];
  effects: number;
  isOpen: boolean;
}

/** A moment inside a slice. */
interface Point {
  readonly place: number;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
}

interface Effect {
  readonly service: string;
  readonly name: string;
  readonly atUs: number;
  readonly place: number;
  readonly args: JsonObject;
}

class TraceWriter {
  private readonly input: TraceInput;
  private readonly cards: CardNames;
  private readonly endUs: number;
  private readonly tracks = new Tracks();
  private readonly operations = new Map<number, TracedOperation>();
  /** By the event that each belongs to, so that those of one moment keep the order of the history. */
  private readonly entries: { readonly place: number; readonly entry: TraceEvent }[] = [];

  constructor(input: TraceInput) {
    this.input = input;
    this.cards = new CardNames(input.events);
    this.endUs = input.violation?.atUs ?? input.events.at(-1)?.atUs ?? 0;
  }

  write(): TraceEvent[] {
    // Processes stand above the services, which are heard of when something takes effect on them.
    for (const event of this.input.events) if (event.kind === "process") this.tracks.pidOf(event.process);
    for (const [place, event] of this.input.events.entries()) this.add(event, place);
    for (const operation of this.operations.values()) {
      if (operation.isOpen) this.close(operation, undefined, this.endUs);
      this.addArrow(operation);
    }
    const { violation } = this.input;
    if (violation !== undefined) this.addViolation(violation);
    const sorted = this.entries.toSorted((left, right) => left.place - right.place).map(({ entry }) => entry);
    return [...this.tracks.names(), ...sorted];
  }

  private add(event: HistoryEvent, place: number): void {
    switch (event.kind) {
      case "sent":
        this.send(event.op, event.atUs, place);
        break;
      case "effect": {
        const service = serviceOf(event.op.name);
        if (service === undefined) break;
        const args = { step: event.step, site: event.op.site, event: place };
        this.takeEffect(event.op, { service, name: nameOf(event.op), atUs: event.atUs, place, args });
        break;
      }
      case "answered": {
        const operation = this.operations.get(event.op.id);
        if (operation?.isOpen !== true) break;
        this.close(operation, event, event.atUs);
        const [{ pid, tid }] = operation.points;
        operation.points.push({ place, pid, tid, ts: event.atUs });
        break;
      }
      case "process":
        this.addInstant(event.process, "process", event.what, event.atUs, place, { text: this.textOf(event) });
        if (isDeath(event.what)) this.closeAllOf(event.process, event.incarnation, event.atUs);
        break;
      case "fault": {
        const { site, fault, params, effect } = event;
        const args = { text: this.textOf(event), site, params, effect, event: place };
        this.addInstant(faultTrack, "fault", fault, event.atUs, place, args);
        break;
      }
      case "change": {
        const { op, atUs, change } = event;
        const [name, args] = [this.textOf(event), { type: change.type, event: place }];
        if (op === undefined) this.addInstant(change.store, "change", name, atUs, place, args);
        else this.takeEffect(op, { service: change.store, name, atUs, place, args: { ...args, site: op.site } });
        break;
      }
      case "note":
        this.addInstant(event.process, "note", event.name, event.atUs, place, {
          text: this.textOf(event),
          task: event.task,
          fields: event.fields,
          event: place,
        });
        break;
    }
  }

  private send(op: OpIdentity, ts: number, place: number): void {
    const { pid, tid } = this.tracks.begin(op.process, ts);
    this.operations.set(op.id, { op, points: [{ place, pid, tid, ts }], effects: 0, isOpen: true });
  }

  /** A microsecond long: arrows need a slice to go through. */
  private takeEffect(op: OpIdentity, effect: Effect): void {
    const { service, name, atUs: ts, place, args } = effect;
    const { pid, tid } = this.tracks.begin(service, ts);
    this.tracks.end(service, tid, ts + 1);
    this.put(place, { ph: "X", cat: "effect", name: plainLine(name, nameMax), pid, tid, ts, dur: 1, args });
    const operation = this.operations.get(op.id);
    if (operation === undefined) return;
    operation.points.push({ place, pid, tid, ts });
    operation.effects++;
  }

  /** @param answer undefined when the caller never learned the result */
  private close(operation: TracedOperation, answer: AnsweredEvent | undefined, endUs: number): void {
    const { op, points } = operation;
    const [{ place, pid, tid, ts }] = points;
    operation.isOpen = false;
    this.tracks.end(op.process, tid, endUs);
    const outcome = answer?.outcome ?? "never answered";
    const detail = answer === undefined || answer.detail === "" ? {} : { detail: answer.detail };
    const args = { site: op.site, task: op.taskName, life: op.incarnation, outcome, ...detail, event: place };
    this.put(place, { ph: "X", cat: "op", name: nameOf(op), pid, tid, ts, dur: endUs - ts, args });
  }

  /** What only asked leaves nothing to point to. An effect may come after its caller has given up. */
  private addArrow({ op, points, effects }: TracedOperation): void {
    if (effects === 0) return;
    for (const [index, { place, pid, tid, ts }] of points.entries()) {
      const ph = index === 0 ? "s" : index === points.length - 1 ? "f" : "t";
      const flow = { ph, cat: "op", name: "operation", id: op.id, pid, tid, ts };
      this.put(place, ph === "f" ? { ...flow, bp: "e" } : flow);
    }
  }

  private closeAllOf(process: string, life: number, atUs: number): void {
    for (const operation of this.operations.values()) {
      const { op, isOpen } = operation;
      if (isOpen && op.process === process && op.incarnation === life) this.close(operation, undefined, atUs);
    }
  }

  private addInstant(track: string, cat: string, name: string, ts: number, place: number, args: JsonObject): void {
    const pid = this.tracks.pidOf(track);
    this.put(place, {
      ph: "i",
      s: cat === "fault" ? "g" : "p",
      cat,
      name: plainLine(name, nameMax),
      pid,
      tid: 1,
      ts,
      args,
    });
  }

  private addViolation({ invariant, rule, place, message, expected, actual, atUs, eventIndex }: Violation): void {
    const args = {
      rule,
      place,
      message,
      ...(expected === undefined ? {} : { expected }),
      ...(actual === undefined ? {} : { actual }),
    };
    this.put(eventIndex, {
      ph: "i",
      s: "g",
      cat: "violation",
      name: plainLine(`${invariant} broken: ${place}`, nameMax),
      pid: this.tracks.pidOf(faultTrack),
      tid: 1,
      ts: atUs,
      args,
    });
  }

  private textOf(event: HistoryEvent): string {
    return plainLine(describeEvent(event, this.cards), textMax);
  }

  private put(place: number, entry: TraceEvent): void {
    this.entries.push({ place, entry });
  }
}

/**
 * A track for each process and service, in the order in which they are first heard of. Slices of one thread may not
 * overlap, but a process waits for many things at once: each track has as many threads as that takes.
 */
class Tracks {
  private readonly byName = new Map<string, { readonly pid: number; readonly freeFromUs: number[] }>();

  pidOf(name: string): number {
    return this.named(name).pid;
  }

  /** The first thread that is free. It stays taken until `end` says to when. */
  begin(name: string, atUs: number): { readonly pid: number; readonly tid: number } {
    const { pid, freeFromUs } = this.named(name);
    const free = freeFromUs.findIndex((fromUs) => fromUs <= atUs);
    const index = free === -1 ? freeFromUs.length : free;
    freeFromUs[index] = Number.POSITIVE_INFINITY;
    return { pid, tid: index + 1 };
  }

  end(name: string, tid: number, atUs: number): void {
    this.named(name).freeFromUs[tid - 1] = atUs;
  }

  names(): TraceEvent[] {
    return [...this.byName].flatMap(([track, { pid, freeFromUs }]) => {
      const name = plainLine(track, nameMax);
      const threads = Math.max(1, freeFromUs.length);
      return [
        { ph: "M", name: "process_name", pid, args: { name } },
        { ph: "M", name: "process_sort_index", pid, args: { sort_index: pid } },
        ...Array.from({ length: threads }, (_, index) => ({
          ph: "M",
          name: "thread_name",
          pid,
          tid: index + 1,
          args: { name: index === 0 ? name : `${name} (${index + 1})` },
        })),
      ];
    });
  }

  private named(name: string): { readonly pid: number; readonly freeFromUs: number[] } {
    let track = this.byName.get(name);
    if (track === undefined) this.byName.set(name, (track = { pid: this.byName.size + 1, freeFromUs: [] }));
    return track;
  }
}

/** Where an operation takes effect; undefined for what a process does with itself alone. */
function serviceOf(name: string): string | undefined {
  const [service = ""] = name.split(".");
  return ownServices.has(service) ? undefined : service;
}

function nameOf(op: OpIdentity): string {
  return plainLine(describeOperation(op.name, op.key), nameMax);
}

function isDeath(what: string): boolean {
  return what === "finish" || what === "crash" || what === "kill" || what === "host-crash";
}

const ownServices: ReadonlySet<string> = new Set(["clock", "world", "http", "run", "relay"]);
const faultTrack = "faults and violation";
const nameMax = 120;
const textMax = 300;
