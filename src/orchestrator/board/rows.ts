import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../base/json.ts";

/** A card as the board answers it; read-only and shared. Older servers give numbers as text: those are converted. */
export interface CardRow {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly reference: string;
  readonly project_id: number;
  readonly column_id: number;
  readonly swimlane_id: number;
  readonly is_active: number;
  /** Seconds since the epoch. */
  readonly date_moved: number;
  /** The same, of the last move or saved form; writes of tags, comments and files alone do not count. */
  readonly date_modification: number;
}

export interface ColumnRow {
  readonly id: number;
  readonly title: string;
}

/** The other end of a link, seen from the card that was asked for. */
export interface LinkRow {
  readonly task_id: number;
  readonly label: string;
  readonly is_active: number;
}

export interface LinkTypeRow {
  readonly id: number;
  readonly label: string;
}

export interface FileRow {
  readonly id: number;
  readonly name: string;
  readonly size: number;
}

export interface CommentRow {
  readonly id: number;
  readonly comment: string;
}

/** Reads one shape out of a result; undefined when the result has another. */
export type Reader<Value> = (result: JsonValue) => Value | undefined;

function readCard(result: JsonValue): CardRow | undefined {
  return readRow(result, cardShape);
}

/** `null` stays null: there is no such card. */
export function readCardOrNull(result: JsonValue): CardRow | null | undefined {
  return result === null ? null : readCard(result);
}

export function readCards(result: JsonValue): readonly CardRow[] | undefined {
  return readRows(result, cardShape);
}

export function readColumns(result: JsonValue): readonly ColumnRow[] | undefined {
  return readRows(result, columnShape);
}

export function readLinks(result: JsonValue): readonly LinkRow[] | undefined {
  return readRows(result, linkShape);
}

export function readLinkTypes(result: JsonValue): readonly LinkTypeRow[] | undefined {
  return readRows(result, linkTypeShape);
}

export function readFiles(result: JsonValue): readonly FileRow[] | undefined {
  return readRows(result, fileShape);
}

export function readComments(result: JsonValue): readonly CommentRow[] | undefined {
  return readRows(result, commentShape);
}

/** `{tag id: name}`, or `[]` for none. In the order of the ids. */
export function readTags(result: JsonValue): readonly string[] | undefined {
  if (isJsonArray(result)) return result.length === 0 ? [] : undefined;
  if (!isJsonObject(result)) return undefined;
  return Object.values(result).map(textOf);
}

export function readMetadata(result: JsonValue): Readonly<Record<string, string>> | undefined {
  if (isJsonArray(result)) return result.length === 0 ? {} : undefined;
  if (!isJsonObject(result)) return undefined;
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(result)) if (value !== null) values[name] = textOf(value);
  return values;
}

/** The id that a creation answers; `false` and 0 say that it was refused. */
export function readCreated(result: JsonValue): number | false | undefined {
  if (result === false || result === 0 || result === null) return false;
  const id = numberOf(result);
  return id !== undefined && Number.isInteger(id) && id > 0 ? id : undefined;
}

export function readDone(result: JsonValue): boolean | undefined {
  return typeof result === "boolean" ? result : undefined;
}

export function readText(result: JsonValue): string | undefined {
  return typeof result === "string" ? result : undefined;
}

/** `{id}` of a project; `false` or null when there is none. */
export function readProjectId(result: JsonValue): number | null | undefined {
  if (result === false || result === null) return null;
  return isJsonObject(result) ? (numberOf(result["id"]) ?? undefined) : undefined;
}

/** Which members a row must have, and of which type. */
interface Shape<Row> {
  readonly numbers: readonly (keyof Row & string)[];
  readonly texts: readonly (keyof Row & string)[];
}

const cardShape: Shape<CardRow> = {
  numbers: ["id", "project_id", "column_id", "swimlane_id", "is_active", "date_moved", "date_modification"],
  texts: ["title", "reference", "description"],
};
const columnShape: Shape<ColumnRow> = { numbers: ["id"], texts: ["title"] };
const linkShape: Shape<LinkRow> = { numbers: ["task_id", "is_active"], texts: ["label"] };
const linkTypeShape: Shape<LinkTypeRow> = { numbers: ["id"], texts: ["label"] };
const fileShape: Shape<FileRow> = { numbers: ["id", "size"], texts: ["name"] };
const commentShape: Shape<CommentRow> = { numbers: ["id"], texts: ["comment"] };

function readRows<Row>(result: JsonValue, shape: Shape<Row>): readonly Row[] | undefined {
  if (!isJsonArray(result)) return undefined;
  let converted: Row[] | undefined;
  for (let index = 0; index < result.length; index++) {
    const row = readRow(result[index]!, shape);
    if (row === undefined) return undefined;
    // The usual answer is right as it is and handed on without a copy.
    if (converted === undefined && (row as unknown) !== result[index]) converted = result.slice(0, index) as Row[];
    converted?.push(row);
  }
  return converted ?? (result as readonly unknown[] as readonly Row[]);
}

function readRow<Row>(value: JsonValue, shape: Shape<Row>): Row | undefined {
  if (!isJsonObject(value)) return undefined;
  for (const name of shape.numbers) if (typeof value[name] !== "number") return convertRow(value, shape);
  for (const name of shape.texts) if (typeof value[name] !== "string") return convertRow(value, shape);
  return value as unknown as Row;
}

function convertRow<Row>(value: JsonObject, shape: Shape<Row>): Row | undefined {
  const row: Record<string, JsonValue | undefined> = { ...value };
  for (const name of shape.numbers) {
    const number = numberOf(value[name]);
    if (number === undefined) return undefined;
    row[name] = number;
  }
  for (const name of shape.texts) row[name] = textOf(value[name]);
  return row as Row;
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}

function numberOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
