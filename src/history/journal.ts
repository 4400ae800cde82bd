import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from "../base/json.ts";
import type { HistoryEvent, OpIdentity } from "./event.ts";

/**
 * A history as a file: JSON lines, a header first, then one line for each event in order. The same form for a simulated
 * run and for the served fakes. Every line stands for itself: it names its operation in full, so that several processes
 * can append to one file, and a reader can begin anywhere.
 */
export interface JournalHeader {
  readonly kind: "journal";
  readonly format: typeof journalFormat;
  /** Of stormlane. */
  readonly version: string;
  readonly seed: number;
  readonly scenario: string;
  /** What the clock showed at `atUs` 0: milliseconds since the Unix epoch. */
  readonly startMs: number;
}

/** Rises when a reader of the format before would misread a journal. */
export const journalFormat = 1;

/** @returns the lines, without their ends */
export function* journalLines(
  history: { readonly events: readonly HistoryEvent[] },
  header: JournalHeader,
): Generator<string> {
  yield headerLine(header);
  for (const event of history.events) yield eventLine(event);
}

export function headerLine(header: JournalHeader): string {
  return canonicalJson(header as unknown as JsonObject);
}

/** Canonical: the same event gives the same line on every machine. */
export function eventLine(event: HistoryEvent): string {
  if (!("op" in event)) return canonicalJson(event as unknown as JsonValue);
  return canonicalJson({ ...(event as unknown as JsonObject), op: event.op === undefined ? null : plainOp(event.op) });
}

export type ReadJournal =
  | {
      readonly kind: "ok";
      readonly header: JournalHeader;
      readonly events: readonly HistoryEvent[];
      /** The last line was cut off, as by a writer that was killed; it is left out. */
      readonly cutShort: boolean;
    }
  /** `line` counts from 1. */
  | { readonly kind: "bad"; readonly line: number; readonly why: string };

/** Reads the text of a whole journal. */
export function readJournal(text: string): ReadJournal {
  const lines = text.split("\n");
  // What follows the last end of line is empty, or was cut off.
  const cutShort = lines.pop() !== "";
  const header = parse(lines[0]);
  if (!isHeader(header)) return { kind: "bad", line: 1, why: headerProblem(header) };
  const events: HistoryEvent[] = [];
  for (let index = 1; index < lines.length; index++) {
    const event = readEvent(parse(lines[index]));
    if (typeof event === "string") return { kind: "bad", line: index + 1, why: event };
    events.push(event);
  }
  return { kind: "ok", header, events, cutShort };
}

function plainOp(op: OpIdentity): JsonObject {
  const { id, site, process, incarnation, taskName, name, key, occurrence } = op;
  return { id, site, process, incarnation, taskName, name, key, occurrence };
}

function parse(line: string | undefined): JsonValue | undefined {
  try {
    return JSON.parse(line ?? "") as JsonValue;
  } catch {
    return undefined;
  }
}

function isHeader(value: unknown): value is JournalHeader {
  return isJsonObject(value) && value["format"] === journalFormat && hasMembers(value, headerMembers);
}

function headerProblem(value: JsonValue | undefined): string {
  if (!isJsonObject(value) || value["kind"] !== "journal") return "not the header of a journal";
  return value["format"] === journalFormat
    ? "the header lacks a member, or has one of another type"
    : `format ${JSON.stringify(value["format"])}, and this version reads ${journalFormat}`;
}

/** @returns the event, or why it is none */
function readEvent(value: JsonValue | undefined): HistoryEvent | string {
  if (!isJsonObject(value)) return "not a JSON object";
  const { kind } = value;
  const members = typeof kind === "string" ? eventMembers.get(kind) : undefined;
  if (members === undefined) return `no event is of kind ${JSON.stringify(kind)}`;
  if (!hasMembers(value, members))
    return `an event of kind ${kind as string} lacks a member, or has one of another type`;
  if (value["op"] === null) return { ...value, op: undefined } as unknown as HistoryEvent;
  return value as unknown as HistoryEvent;
}

type Shape = Readonly<Record<string, (value: JsonValue | undefined) => boolean>>;

function hasMembers(value: JsonObject, shape: Shape): boolean {
  return Object.entries(shape).every(([name, accepts]) => accepts(value[name]));
}

const text = (value: unknown): boolean => typeof value === "string";
const number = (value: unknown): boolean => typeof value === "number";
const object = (value: unknown): boolean => isJsonObject(value);
const operation = (value: unknown): boolean => isJsonObject(value) && hasMembers(value, opMembers);
const operationOrNone = (value: unknown): boolean => value === null || operation(value);

const headerMembers: Shape = {
  kind: (value) => value === "journal",
  version: text,
  seed: number,
  scenario: text,
  startMs: number,
};

const opMembers: Shape = {
  id: number,
  site: text,
  process: text,
  incarnation: number,
  taskName: text,
  name: text,
  key: text,
  occurrence: number,
};

const processMembers = { atUs: number, process: text, incarnation: number };

const eventMembers: ReadonlyMap<string, Shape> = new Map<HistoryEvent["kind"], Shape>([
  ["process", { ...processMembers, what: text, reason: text }],
  ["sent", { atUs: number, op: operation }],
  ["effect", { atUs: number, op: operation, step: number }],
  ["answered", { atUs: number, op: operation, outcome: text, detail: text }],
  ["fault", { atUs: number, site: text, fault: text, params: object, effect: text }],
  ["change", { atUs: number, op: operationOrNone, change: object }],
  ["note", { ...processMembers, task: text, name: text, fields: object }],
]);
