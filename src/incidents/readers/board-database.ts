import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { loadSqlite } from "../../campaign/ledger/sqlite.ts";
import type { JsonObject } from "../../base/json.ts";
import { timeOf } from "../time-text.ts";
import { cardOf, readActivity, readCreation } from "./board-events.ts";
import { numberOf, textOf, type ReaderContext, type Reading } from "./reader.ts";

/** How the board stood when it was copied. */
export interface BoardSnapshot {
  readonly cards: readonly SnapshotCard[];
}

export interface SnapshotCard {
  readonly card: number;
  readonly reference: string;
  readonly title: string;
  readonly description: string;
  readonly lane: number;
  readonly isOpen: boolean;
  readonly createdMs: number;
  readonly movedMs: number;
  /** Sorted by code unit; words that the orchestrator's own tags may have. */
  readonly tags: readonly string[];
  /** `dirname` and such, by name. */
  readonly fields: Readonly<Record<string, string>>;
  /** Whether it was made as the copy of another card; undefined where nothing tells. */
  readonly isCopy: boolean | undefined;
}

export interface DatabaseReading {
  readonly snapshot: BoardSnapshot;
  readonly readings: readonly Reading[];
  /** Tables that a Kanboard has and this file does not. */
  readonly missing: readonly string[];
}

/**
 * A copy of Kanboard's SQLite database, opened for reading alone: tasks as they stand, their tags, fields and links, the
 * activity, comments and files.
 *
 * @throws when the file cannot be opened as a database, or has no tasks
 */
export function readBoardDatabase(path: string, context: ReaderContext): DatabaseReading {
  const { DatabaseSync } = loadSqlite();
  const location = pathToFileURL(path);
  // Nothing is left beside a copy that is whole. With its log of writes beside it SQLite must read both, and locks them.
  if (!existsSync(`${path}-wal`)) location.searchParams.set("immutable", "1");
  const database = new DatabaseSync(location, { readOnly: true });
  try {
    const rows = (sql: string): readonly JsonObject[] =>
      database.prepare(sql).all() as unknown as readonly JsonObject[];
    const tables = new Set(
      rows("SELECT name FROM sqlite_master WHERE type = 'table'").map((row) => textOf(row["name"])),
    );
    if (!tables.has("tasks")) throw new Error("no table `tasks`");
    const ifThere = (table: string, sql: string): readonly JsonObject[] => (tables.has(table) ? rows(sql) : []);
    const tags = namesByCard(
      tables.has("tags")
        ? ifThere(
            "task_has_tags",
            "SELECT h.task_id AS card, t.name AS name FROM task_has_tags h JOIN tags t ON t.id = h.tag_id",
          )
        : [],
    );
    const fields = fieldsByCard(
      ifThere("task_has_metadata", "SELECT task_id AS card, name, value FROM task_has_metadata"),
      context,
    );
    const copies = new Set(
      (tables.has("links")
        ? ifThere(
            "task_has_links",
            "SELECT h.task_id AS card FROM task_has_links h JOIN links l ON l.id = h.link_id WHERE l.label = 'duplicates'",
          )
        : []
      ).map((row) => numberOf(row["card"])),
    );
    const tasks = rows(
      tables.has("columns")
        ? "SELECT t.*, c.position AS column_position FROM tasks t LEFT JOIN columns c ON c.id = t.column_id ORDER BY t.id"
        : "SELECT t.*, t.column_id AS column_position FROM tasks t ORDER BY t.id",
    );
    const cards = tasks.map((task): SnapshotCard => {
      const card = cardOf(task, context);
      return {
        ...card,
        isOpen: numberOf(task["is_active"]) === 1,
        createdMs: timeOf(numberOf(task["date_creation"])) ?? 0,
        movedMs: timeOf(numberOf(task["date_moved"])) ?? 0,
        tags: (tags.get(card.card) ?? [])
          .map((tag) => context.redactor.word(tag))
          .filter((tag) => tag !== "")
          .toSorted(),
        fields: fields.get(card.card) ?? {},
        isCopy: copies.has(card.card),
      };
    });
    return {
      snapshot: { cards },
      readings: activityOf(ifThere("project_activities", activitySql(tables.has("users"))), tasks, context),
      missing: ["columns", "project_activities", "task_has_tags", "task_has_metadata"].filter(
        (name) => !tables.has(name),
      ),
    };
  } finally {
    database.close();
  }
}

function activitySql(hasUsers: boolean): string {
  return hasUsers
    ? "SELECT a.*, u.username AS author_username FROM project_activities a LEFT JOIN users u ON u.id = a.creator_id ORDER BY a.id"
    : "SELECT a.*, '' AS author_username FROM project_activities a ORDER BY a.id";
}

/** The activity holds a snapshot of the card with each event. Creations by the board's token are only in the tasks. */
function activityOf(
  rows: readonly JsonObject[],
  tasks: readonly JsonObject[],
  context: ReaderContext,
): readonly Reading[] {
  const told = new Set<number>();
  const readings = rows.map((row) => {
    const data = parsedData(row["data"]);
    if (textOf(row["event_name"]) === "task.create") told.add(numberOf(row["task_id"]));
    return readActivity({ ...row, ...data }, context);
  });
  const untold = tasks.filter((task) => !told.has(numberOf(task["id"]))).map((task) => readCreation(task, context));
  return [...readings, ...untold];
}

function parsedData(value: unknown): JsonObject {
  try {
    const data = JSON.parse(textOf(value)) as unknown;
    return typeof data === "object" && data !== null ? (data as JsonObject) : {};
  } catch {
    return {};
  }
}

function namesByCard(rows: readonly JsonObject[]): ReadonlyMap<number, readonly string[]> {
  const names = new Map<number, string[]>();
  for (const row of rows) {
    const card = numberOf(row["card"]);
    names.set(card, [...(names.get(card) ?? []), textOf(row["name"])]);
  }
  return names;
}

function fieldsByCard(
  rows: readonly JsonObject[],
  { redactor }: ReaderContext,
): ReadonlyMap<number, Record<string, string>> {
  const fields = new Map<number, Record<string, string>>();
  for (const row of rows) {
    const name = textOf(row["name"]);
    if (!fieldNames.has(name)) continue;
    const card = numberOf(row["card"]);
    fields.set(card, { ...fields.get(card), [name]: redactor.key(textOf(row["value"])) });
  }
  return fields;
}

/** Of the agents' fields, those that a workload is made from. */
const fieldNames: ReadonlySet<string> = new Set(["dirname", "context_mode", "story_id"]);
