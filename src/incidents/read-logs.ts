import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../base/json.ts";
import type { IncidentEvent } from "./incident-event.ts";
import type { LogMapping } from "./log-mapping.ts";
import { accessLogReader } from "./readers/access-log.ts";
import { cardOf, readActivity, readCreation, webhookReader } from "./readers/board-events.ts";
import type { BoardSnapshot, DatabaseReading, SnapshotCard } from "./readers/board-database.ts";
import { mappedLogReader, serveLogReader, spanReader } from "./readers/orchestrator-log.ts";
import { isCoreTrace, providerTraceReader, readCoreTrace } from "./readers/provider-trace.ts";
import { damaged, numberOf, textOf, type LineReader, type ReaderContext, type Reading } from "./readers/reader.ts";

/** A log as it lies before us. */
export interface LogFile {
  /** As its user named it. */
  readonly name: string;
  readonly content:
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "database"; readonly read: (context: ReaderContext) => DatabaseReading };
}

/** What was read of one log, and what was not. */
export interface LogReport {
  readonly name: string;
  /** What it was taken for, as `access log lines`; several in one file are possible, none of what nobody knows. */
  readonly forms: readonly { readonly form: string; readonly entries: number }[];
  readonly entries: number;
  readonly used: number;
  /** Known entries that say nothing of an incident. */
  readonly notNeeded: number;
  /** What was dropped, by its reason, and the first places. */
  readonly dropped: readonly Dropped[];
  /** Entries that are earlier than the one before. They were sorted in. */
  readonly unordered: number;
}

export interface Dropped {
  readonly why: string;
  readonly entries: number;
  /** Lines, or numbers of entries, from 1. */
  readonly first: readonly number[];
}

export interface LogContents {
  readonly events: readonly IncidentEvent[];
  readonly snapshot: BoardSnapshot | undefined;
  readonly reports: readonly LogReport[];
}

/** Reads logs of any known forms, each line by whoever knows it. A damaged line is dropped and counted; nothing throws. */
export function readLogs(
  files: readonly LogFile[],
  mapping: LogMapping | undefined,
  context: ReaderContext,
): LogContents {
  const readers = mapping === undefined ? lineReaders : [...lineReaders, mappedLogReader(mapping)];
  const events: IncidentEvent[] = [];
  const reports: LogReport[] = [];
  let snapshot: BoardSnapshot | undefined;
  for (const file of files) {
    const log = new LogBeingRead(file.name, context, readers);
    if (file.content.kind === "text") log.readText(file.content.text);
    else log.readDatabase(file.content.read);
    for (const event of log.events) events.push(event);
    reports.push(log.report());
    snapshot = log.snapshot ?? snapshot;
  }
  return { events, snapshot, reports };
}

const lineReaders: readonly LineReader[] = [
  serveLogReader,
  spanReader,
  webhookReader,
  providerTraceReader,
  accessLogReader,
];

const firstPlacesMax = 3;

class LogBeingRead {
  readonly events: IncidentEvent[] = [];
  snapshot: BoardSnapshot | undefined;

  private readonly name: string;
  private readonly context: ReaderContext;
  private readonly readers: readonly LineReader[];
  private readonly forms = new Map<string, number>();
  private readonly drops = new Map<string, number[]>();
  private entries = 0;
  private used = 0;
  private notNeeded = 0;
  private unordered = 0;
  private latestMs = 0;

  constructor(name: string, context: ReaderContext, readers: readonly LineReader[]) {
    this.name = name;
    this.context = context;
    this.readers = readers;
  }

  readText(text: string): void {
    const document = wholeDocument(text);
    if (document !== undefined) {
      this.readDocument(document);
      return;
    }
    const lines = text.split("\n");
    for (const [index, line] of lines.entries()) {
      if (line.trim() !== "") this.readLine(line.replace(/\r$/, ""), index + 1);
    }
  }

  readDatabase(read: (context: ReaderContext) => DatabaseReading): void {
    try {
      const { snapshot, readings, missing } = read(this.context);
      this.snapshot = snapshot;
      for (const card of snapshot.cards)
        this.take("cards of a board's database", { kind: "events", events: [] }, card.card);
      for (const [index, reading] of readings.entries()) this.take("events of a board's database", reading, index + 1);
      for (const table of missing) this.drop(`no table ${table}`, 0);
    } catch (error) {
      this.drop(`not the database of a Kanboard (${reasonOf(error)})`, 0);
    }
  }

  report(): LogReport {
    const { name, entries, used, notNeeded, unordered } = this;
    return {
      name,
      forms: [...this.forms].map(([form, count]) => ({ form, entries: count })),
      entries,
      used,
      notNeeded,
      unordered,
      dropped: [...this.drops].map(([why, places]) => ({
        why,
        entries: places.length,
        first: places.filter((place) => place > 0).slice(0, firstPlacesMax),
      })),
    };
  }

  /** One JSON value that is not one line among others. */
  private readDocument(document: JsonValue): void {
    const result = isJsonObject(document) && "result" in document ? document["result"]! : document;
    if (isJsonObject(result) && isCoreTrace(result)) {
      this.take("traces of the core", readCoreTrace(result, this.context, this.name), 1);
      return;
    }
    const rows = isJsonArray(result) ? result.filter(isJsonObject) : [];
    if (rows.some((row) => "event_name" in row && "date_creation" in row)) {
      // The board lists the latest first.
      for (const [index, row] of [...rows.entries()].toReversed()) {
        this.take("activities of a board", readActivity(row, this.context), index + 1);
      }
      return;
    }
    if (rows.some((row) => "column_id" in row && "is_active" in row)) {
      this.snapshot = { cards: rows.map((row) => this.snapshotCard(row)) };
      for (const [index, row] of rows.entries()) {
        this.take("cards of a board", readCreation(row, this.context), index + 1);
      }
      return;
    }
    this.entries++;
    this.drop("a JSON document of no known form", 1);
  }

  private snapshotCard(row: JsonObject): SnapshotCard {
    const tags = isJsonArray(row["tags"]) ? row["tags"] : [];
    return {
      ...cardOf({ ...row, column_position: row["column_position"] ?? row["column_id"]! }, this.context),
      isOpen: numberOf(row["is_active"]) === 1,
      createdMs: numberOf(row["date_creation"]) * 1_000,
      movedMs: numberOf(row["date_moved"]) * 1_000,
      tags: tags
        .map((tag) => this.context.redactor.word(isJsonObject(tag) ? textOf(tag["name"]) : textOf(tag)))
        .filter((tag) => tag !== "")
        .toSorted(),
      fields: {},
      isCopy: undefined,
    };
  }

  private readLine(line: string, place: number): void {
    const isJson = line.trimStart().startsWith("{");
    const value = isJson ? parsedObject(line) : undefined;
    if (isJson && value === undefined) {
      this.take("", damaged("JSON that ends too early, or is damaged"), place);
      return;
    }
    for (const reader of this.readers) {
      const reading =
        value === undefined ? reader.readText?.(line, this.context) : reader.readObject?.(value, this.context);
      if (reading === undefined) continue;
      this.take(reader.name, reading, place);
      return;
    }
    this.entries++;
    this.drop(isJson ? "JSON of no known form" : "a line of no known form", place);
  }

  private take(form: string, reading: Reading, place: number): void {
    this.entries++;
    if (reading.kind === "damaged") {
      this.drop(reading.why, place);
      return;
    }
    this.forms.set(form, (this.forms.get(form) ?? 0) + 1);
    if (reading.kind === "not-needed") {
      this.notNeeded++;
      return;
    }
    this.used++;
    for (const event of reading.events) {
      if (event.atMs < this.latestMs) this.unordered++;
      this.latestMs = Math.max(this.latestMs, event.atMs);
      this.events.push({ ...event, source: this.name, line: place });
    }
  }

  private drop(why: string, place: number): void {
    const places = this.drops.get(why);
    if (places === undefined) this.drops.set(why, [place]);
    else places.push(place);
  }
}

function wholeDocument(text: string): JsonValue | undefined {
  const first = text.trimStart()[0];
  if (first !== "[" && first !== "{") return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    // A single line may be a log of one.
    const isLine = isJsonObject(value) && !("result" in value) && !isCoreTrace(value);
    return isLine ? undefined : value;
  } catch {
    return undefined;
  }
}

function parsedObject(line: string): JsonObject | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Codes and our own words: what a database says may quote what is in it. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return message?.startsWith("no table") === true ? message : (code ?? "unreadable");
}
