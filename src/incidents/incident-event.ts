import type { JsonObject } from "../base/json.ts";

/** One thing that a log says happened. */
export type IncidentEvent = EventPlace &
  (CardEvent | DeliveryEvent | RequestEvent | AnswerEvent | NoteEvent | OperationEvent);

export interface EventPlace {
  /** Milliseconds since 1970: as the log's own clock had it, until clocks are aligned. */
  readonly atMs: number;
  /** The log, as its user named it. */
  readonly source: string;
  /** From 1; of documents and databases the number of the entry. */
  readonly line: number;
  /** What other logs call the same moment, as `task.move.column 12 1767603641`: clocks are compared by it. */
  readonly moment?: string;
}

/** The board itself tells what happened to a card. */
export interface CardEvent {
  readonly kind: "card";
  readonly what: "created" | "moved" | "closed" | "opened" | "updated" | "commented" | "file-added" | "changed";
  readonly card: number;
  /** Empty where the card has none. */
  readonly reference: string;
  readonly title: string;
  readonly description: string;
  /** From 1, the left one; 0 where the log does not tell. */
  readonly lane: number;
  /** A name that stands for who did it; empty for the board's token, and where the log does not tell. */
  readonly by: string;
}

/** A webhook of the board arrived. */
export interface DeliveryEvent {
  readonly kind: "delivery";
  readonly event: string;
  readonly card: number;
  readonly reference: string;
  readonly lane: number;
  /** Milliseconds that its answer took; 0 where the log does not tell. */
  readonly durationMs: number;
  /** What it was answered with; 0 where the log does not tell, or nobody answered. */
  readonly status: number;
}

/** An HTTP server's line about one request. */
export interface RequestEvent {
  readonly kind: "request";
  readonly method: string;
  /** Without its query, which may hold tokens. */
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
}

/** A model was asked, and this came back. */
export interface AnswerEvent {
  readonly kind: "answer";
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** As `ETIMEDOUT`; empty when there was an answer. */
  readonly error: string;
  readonly retryAfterS: number;
  readonly durationMs: number;
  /** Reference of the card that the question was about, where the trace tells. */
  readonly reference: string;
}

/** The orchestrator said something of itself. */
export interface NoteEvent {
  readonly kind: "note";
  /** `poller-1`; `serve` of what the whole process says. */
  readonly process: string;
  readonly name: string;
  /** What is needed to know the event again in a simulation, without free text. */
  readonly fields: JsonObject;
  /** Its trouble in our words, if it tells of one. */
  readonly trouble: Trouble | undefined;
}

/** The orchestrator timed one of its own operations. */
export interface OperationEvent {
  readonly kind: "operation";
  readonly process: string;
  readonly task: string;
  /** As `board.createTask`. */
  readonly name: string;
  readonly key: string;
  readonly outcome: "ok" | "fail" | "unknown";
  readonly durationMs: number;
}

/** What went wrong between the orchestrator and a service. */
export interface Trouble {
  readonly with: "board" | "model" | "disk" | "program";
  readonly what: "no-answer" | "broken-off" | "refused" | "status" | "locked" | "full" | "failed";
  /** Of `status`. */
  readonly status?: number;
}
