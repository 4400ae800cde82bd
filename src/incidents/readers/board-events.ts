import { isJsonObject, type JsonObject } from "../../base/json.ts";
import type { CardEvent } from "../incident-event.ts";
import { timeOf } from "../time-text.ts";
import {
  damaged,
  found,
  notNeeded,
  numberOf,
  textOf,
  type LineReader,
  type ReaderContext,
  type Reading,
} from "./reader.ts";

/**
 * Webhooks of Kanboard as JSON lines: its own body (`event_name`, `event_data`, `event_author`), or a record around it in
 * `body`, `payload` or `data`, with a time in `at`, `time`, `timestamp`, `ts` or `received_at`, and perhaps a `status`.
 */
export const webhookReader: LineReader = {
  name: "webhook deliveries",
  readObject(line, context) {
    const body = bodyOf(line);
    if (body === undefined) return undefined;
    const atMs = timeOf(firstOf(line, timeNames));
    if (atMs === undefined) return damaged("a delivery without a time");
    const event = textOf(body["event_name"]);
    const data = body["event_data"];
    if (!isJsonObject(data)) return damaged("a delivery without event_data");
    const task = isJsonObject(data["task"]) ? data["task"] : data;
    const card = numberOf(task["id"] ?? data["task_id"]);
    if (card === 0) return notNeeded;
    return found({
      kind: "delivery",
      atMs,
      event,
      card,
      reference: context.redactor.reference(textOf(task["reference"])),
      lane: numberOf(task["column_position"]),
      durationMs: numberOf(line["duration_ms"] ?? line["durationMs"]),
      status: numberOf(line["status"]),
      moment: momentOf(event, task),
    });
  },
};

/** A row of `getProjectActivity`. People's names are taken out; what the board's token does is not in there. */
export function readActivity(row: JsonObject, { redactor }: ReaderContext): Reading {
  const event = textOf(row["event_name"]);
  const atMs = timeOf(numberOf(row["date_creation"]));
  const what = whatOf[event];
  if (atMs === undefined) return damaged("an activity without a time");
  const task = row["task"];
  if (what === undefined || !isJsonObject(task)) return notNeeded;
  return found({
    kind: "card",
    atMs,
    what,
    ...cardOf(task, { redactor }),
    by: redactor.person(textOf(row["author_username"])),
    moment: momentOf(event, task),
  });
}

/** A card's own row tells when it was made, also of those that the board's token made, which no activity has. */
export function readCreation(task: JsonObject, context: ReaderContext): Reading {
  const atMs = timeOf(numberOf(task["date_creation"]));
  if (atMs === undefined) return damaged("a card without a time of creation");
  const moment = momentOf("task.create", task);
  return found({ kind: "card", atMs, what: "created", ...cardOf(task, context), lane: 0, by: "", moment });
}

/** What of a row of `tasks`, or of an event's snapshot of one, is kept. */
export function cardOf(
  task: JsonObject,
  { redactor }: ReaderContext,
): Pick<CardEvent, "card" | "reference" | "title" | "description" | "lane"> {
  const card = numberOf(task["id"]);
  const description = textOf(task["description"]);
  return {
    card,
    reference: redactor.reference(textOf(task["reference"])),
    title: redactor.freeText(textOf(task["title"]), `Card ${card}`),
    description: redactor.freeText(description, description === "" ? "" : `Text of ${description.length} characters.`),
    lane: numberOf(task["column_position"]),
  };
}

const whatOf: Readonly<Record<string, CardEvent["what"]>> = {
  "task.create": "created",
  "task.move.column": "moved",
  "task.close": "closed",
  "task.open": "opened",
  "task.update": "updated",
  "task.assignee_change": "changed",
  "task.move.position": "changed",
  "task.move.swimlane": "changed",
  "comment.create": "commented",
  "task.file.create": "file-added",
};

/** The same in the board's activity and in its webhook. Only what happens once has one. */
function momentOf(event: string, task: JsonObject): string {
  if (event === "task.create") return `task.create ${numberOf(task["id"])}`;
  if (event === "task.move.column") return `task.move.column ${numberOf(task["id"])} ${numberOf(task["date_moved"])}`;
  return "";
}

function bodyOf(line: JsonObject): JsonObject | undefined {
  for (const candidate of [line, line["body"], line["payload"], line["data"]]) {
    const value = typeof candidate === "string" ? parsed(candidate) : candidate;
    if (isJsonObject(value) && typeof value["event_name"] === "string" && "event_data" in value) return value;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const timeNames: readonly string[] = [
  "at",
  "time",
  "timestamp",
  "@timestamp",
  "ts",
  "received_at",
  "receivedAt",
  "date",
];

export function firstOf(line: JsonObject, names: readonly string[]): unknown {
  return names.map((name) => line[name]).find((value) => value !== undefined && value !== null);
}
