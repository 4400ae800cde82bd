import { isJsonObject, type JsonObject, type JsonValue } from "../../base/json.ts";

/** Why a run may start, once: a card came to a lane. Two moves within one second are one cause. */
export interface Cause {
  readonly cardId: number;
  readonly lane: number;
  /** Seconds since the epoch, by the board's clock. */
  readonly dateMoved: number;
}

export interface Failure {
  readonly what: string;
  readonly why: string;
  readonly advice: string;
}

/**
 * What is known on disk of one cause. `done` and `failed` acknowledge it: it never runs again.
 * `intents` is the write-ahead part: what was begun, and answers that were paid for.
 */
export interface RunRecord {
  readonly version: 1;
  readonly cause: Cause;
  readonly reference: string;
  readonly status: "open" | "done" | "failed";
  readonly attempts: number;
  /** Wall clock. */
  readonly notBeforeMs: number;
  readonly intents: Readonly<Record<string, JsonValue>>;
  /** Decided, and on an open record not yet shown on the card. */
  readonly failure?: Failure;
  /** Of the attempts so far, each up to its last save; pauses between them do not count. */
  readonly workedMs?: number;
  /** When late effects of this run are over and its tags can be checked a last time; absent once that is done. */
  readonly confirmAfterMs?: number;
  /** The card's `date_modification` when its tags were last checked, in seconds since the epoch. */
  readonly checkedS?: number;
}

export function causeName(cause: Cause): string {
  return `${cause.cardId}/${cause.lane}/${cause.dateMoved}`;
}

export function sameCause(left: Cause, right: Cause): boolean {
  return left.cardId === right.cardId && left.lane === right.lane && left.dateMoved === right.dateMoved;
}

export function freshRecord(cause: Cause, reference: string): RunRecord {
  return { version: 1, cause, reference, status: "open", attempts: 0, notBeforeMs: 0, intents: {} };
}

export function serialiseRecord(record: RunRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** undefined when the text is not a record of this cause. */
export function parseRecord(text: string, cause: Cause): RunRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || value["version"] !== 1) return undefined;
  const record = value as unknown as RunRecord;
  const shaped =
    isJsonObject(record.cause) &&
    sameCause(record.cause, cause) &&
    typeof record.reference === "string" &&
    (record.status === "open" || record.status === "done" || record.status === "failed") &&
    Number.isInteger(record.attempts) &&
    record.attempts >= 0 &&
    Number.isFinite(record.notBeforeMs) &&
    isJsonObject(record.intents) &&
    (record.workedMs === undefined || Number.isFinite(record.workedMs)) &&
    (record.failure === undefined || isFailure(record.failure)) &&
    (record.confirmAfterMs === undefined || Number.isFinite(record.confirmAfterMs)) &&
    (record.checkedS === undefined || Number.isFinite(record.checkedS));
  return shaped ? record : undefined;
}

function isFailure(value: unknown): boolean {
  const failure = value as JsonObject;
  return (
    isJsonObject(value) &&
    typeof failure["what"] === "string" &&
    typeof failure["why"] === "string" &&
    typeof failure["advice"] === "string"
  );
}
