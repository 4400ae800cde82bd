import { canonicalJson, type JsonValue, type JsonObject } from "../base/json.ts";
import { sha256 } from "../base/digest.ts";
import type { AnswerOutcome, KernelObserver, ProcessTurn } from "../kernel/observer.ts";
import type { Operation } from "../kernel/operation.ts";
import type { Change } from "../ports/service.ts";
import type { HistoryEvent, OpIdentity } from "./event.ts";

/** Who reads a history as it grows. */
export interface HistoryReader {
  observe(event: HistoryEvent, index: number): void;
}

export interface HistoryOptions {
  /** Keeps only the latest events, between one and two blocks of them: for runs that are too long to be kept whole. */
  readonly windowed?: boolean;
}

/** Events that are hashed, and in a windowed history forgotten, together. */
export const blockEvents = 1_024;

/**
 * What happened in one run: append-only, in order. The only evidence for invariants and reports.
 * Its hash covers everything but wall time, paths of this machine and memory.
 */
export class History implements KernelObserver {
  /** All events, or in a windowed history the latest. */
  readonly events: HistoryEvent[] = [];

  private readonly nowUs: () => number;
  private readonly readers: readonly HistoryReader[];
  private readonly windowed: boolean;
  private forgotten = 0;
  /** Of all blocks that are forgotten; empty before the first. */
  private rollingHash = "";

  constructor(nowUs: () => number, readers: readonly HistoryReader[] = [], options: HistoryOptions = {}) {
    this.nowUs = nowUs;
    this.readers = readers;
    this.windowed = options.windowed ?? false;
  }

  /** Of all events, also those that are forgotten. */
  get length(): number {
    return this.forgotten + this.events.length;
  }

  append(event: HistoryEvent): void {
    if (this.windowed && this.events.length === 2 * blockEvents) this.forgetBlock();
    const index = this.length;
    this.events.push(event);
    for (const reader of this.readers) reader.observe(event, index);
  }

  process(process: string, incarnation: number, what: ProcessTurn, reason: string): void {
    this.append({ kind: "process", atUs: this.nowUs(), process, incarnation, what, reason });
  }

  sent(op: Operation): void {
    this.append({ kind: "sent", atUs: this.nowUs(), op });
  }

  answered(op: Operation, outcome: AnswerOutcome, detail: string): void {
    this.append({ kind: "answered", atUs: this.nowUs(), op, outcome, detail });
  }

  effect(op: OpIdentity, step: number): void {
    this.append({ kind: "effect", atUs: this.nowUs(), op, step });
  }

  change(op: OpIdentity | undefined, change: Change): void {
    this.append({ kind: "change", atUs: this.nowUs(), op, change });
  }

  fault(site: string, fault: string, params: JsonObject, effect: "none" | "done" | "later"): void {
    this.append({ kind: "fault", atUs: this.nowUs(), site, fault, params, effect });
  }

  note(process: string, incarnation: number, task: string, name: string, fields: JsonObject): void {
    this.append({ kind: "note", atUs: this.nowUs(), process, incarnation, task, name, fields });
  }

  /** One canonical line for each event: the same run gives the same lines on every machine. */
  *lines(): Generator<string> {
    for (const event of this.events) yield eventLine(event);
  }

  /** SHA-256 over the canonical lines, each block's after the hash of those before. The same with a window or without. */
  hash(): string {
    let hash = this.rollingHash;
    let first = 0;
    do {
      hash = hashOfBlock(hash, this.events.slice(first, first + blockEvents));
      first += blockEvents;
    } while (first < this.events.length);
    return hash;
  }

  private forgetBlock(): void {
    this.rollingHash = hashOfBlock(this.rollingHash, this.events.splice(0, blockEvents));
    this.forgotten += blockEvents;
  }
}

function hashOfBlock(before: string, events: readonly HistoryEvent[]): string {
  const lines = events.map(eventLine);
  return sha256((before === "" ? lines : [before, ...lines]).join("\n"));
}

/**
 * The canonical JSON of an event. Those that make up nearly all of a history are put together by hand, their members in
 * code-unit order: hashing is a fifth of a long quiet run otherwise.
 */
export function eventLine(event: HistoryEvent): string {
  switch (event.kind) {
    case "sent":
      return `{"atUs":${event.atUs},"kind":"sent","op":${JSON.stringify(event.op.site)}}`;
    case "effect":
      return `{"atUs":${event.atUs},"kind":"effect","op":${JSON.stringify(event.op.site)},"step":${event.step}}`;
    case "answered": {
      const { atUs, detail, op, outcome } = event;
      return `{"atUs":${atUs},"detail":${JSON.stringify(detail)},"kind":"answered","op":${JSON.stringify(op.site)},"outcome":"${outcome}"}`;
    }
    default:
      return canonicalJson(plain(event));
  }
}

/** An event as plain JSON: an operation stands there by its site. */
export function plain(event: HistoryEvent): JsonValue {
  if (!("op" in event)) return event as unknown as JsonValue;
  return { ...event, op: event.op?.site ?? null };
}
