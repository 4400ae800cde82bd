import type { JsonObject } from "../base/json.ts";
import type { Change } from "../ports/service.ts";

/** One entry of a history. Times are virtual microseconds since the start of the run. */
export type HistoryEvent =
  | ProcessEvent
  | SentEvent
  | EffectEvent
  | AnsweredEvent
  | FaultEvent
  | ChangeEvent
  | NoteEvent;

/** The life of a simulated OS process. `finish`: its main function returned. */
export interface ProcessEvent {
  readonly kind: "process";
  readonly atUs: number;
  readonly process: string;
  readonly incarnation: number;
  readonly what: "start" | "finish" | "crash" | "kill" | "host-crash" | "pause" | "resume" | "clock-jump";
  readonly reason: string;
}

/** An operation left its process. */
export interface SentEvent {
  readonly kind: "sent";
  readonly atUs: number;
  readonly op: OpIdentity;
}

/** One effect of an operation took place; `step` counts them from 0. */
export interface EffectEvent {
  readonly kind: "effect";
  readonly atUs: number;
  readonly op: OpIdentity;
  readonly step: number;
}

/** The caller learned the result. A caller that died never does. */
export interface AnsweredEvent {
  readonly kind: "answered";
  readonly atUs: number;
  readonly op: OpIdentity;
  readonly outcome: "ok" | "fail" | "unknown";
  /** HTTP status, exit code, or error code; empty for plain success. */
  readonly detail: string;
}

export interface FaultEvent {
  readonly kind: "fault";
  readonly atUs: number;
  readonly site: string;
  readonly fault: string;
  readonly params: JsonObject;
  /** Whether the operation that was struck took effect all the same. `later`: it may still. */
  readonly effect: "none" | "done" | "later";
}

/** The state of a service or host changed. `op` is absent when nobody's operation caused it. */
export interface ChangeEvent {
  readonly kind: "change";
  readonly atUs: number;
  readonly op: OpIdentity | undefined;
  readonly change: Change;
}

/** What a process said of itself through its log port. */
export interface NoteEvent {
  readonly kind: "note";
  readonly atUs: number;
  readonly process: string;
  readonly incarnation: number;
  readonly task: string;
  readonly name: string;
  readonly fields: JsonObject;
}

/** Who did what. `site` is computed when it is first read: it costs more than the rest of the operation. */
export interface OpIdentity {
  /** In order of sending; unique in a run. */
  readonly id: number;
  readonly site: string;
  /** The process that sent it, or the service (`board`) or program (`program:git`) that did. */
  readonly process: string;
  readonly incarnation: number;
  readonly taskName: string;
  /** As `board.getTask`. */
  readonly name: string;
  readonly key: string;
  readonly occurrence: number;
}
