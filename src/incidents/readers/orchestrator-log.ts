import { isJsonObject, type JsonObject, type JsonValue } from "../../base/json.ts";
import { valueAt, type LogMapping } from "../log-mapping.ts";
import type { Redactor } from "../redactor.ts";
import { timeOf } from "../time-text.ts";
import { troubleOf } from "../trouble.ts";
import { damaged, found, notNeeded, numberOf, textOf, type LineReader } from "./reader.ts";

/** Lines of `stormlane serve`: `{at, level, role, task, event, fields}`. */
export const serveLogReader: LineReader = {
  name: "lines of stormlane serve",
  readObject(line, { redactor }) {
    const { at, role, task, event, fields } = line;
    if (typeof role !== "string" || typeof task !== "string" || typeof event !== "string") return undefined;
    if (!isJsonObject(fields)) return undefined;
    const atMs = timeOf(at);
    if (atMs === undefined) return damaged("a line of stormlane serve without a time");
    return found({
      kind: "note",
      atMs,
      process: redactor.word(role),
      name: lifeNames[event] ?? redactor.word(event),
      fields: knownFields(fields, redactor),
      trouble: troubleOf(textOf(fields["reason"]) || textOf(fields["why"])),
      // The board answered with the number a moment ago.
      ...(event === "spawn.created" ? { moment: `task.create ${numberOf(fields["cardId"])}` } : {}),
    });
  },
};

const lifeNames: Readonly<Record<string, string>> = {
  "serve.started": "process.started",
  "serve.stopped": "process.stopped",
};

/** JSON lines of any other orchestrator, by a mapping. */
export function mappedLogReader(mapping: LogMapping): LineReader {
  return {
    name: "lines of the mapping",
    readObject(line, { redactor }) {
      const event = textOf(valueAt(line, mapping.event));
      if (event === "") return undefined;
      const atMs = timeOf(valueAt(line, mapping.time));
      if (atMs === undefined) return damaged(`no time at ${mapping.time}`);
      const reason = textOf(valueAt(line, mapping.reason));
      const trouble = troubleOf(reason) ?? troubleOf(event);
      const name = mapping.events.find(({ contains }) => event.includes(contains))?.is ?? redactor.word(event);
      if (name === "" && trouble === undefined) return notNeeded;
      const requestId = textOf(valueAt(line, mapping.requestId));
      return found({
        kind: "note",
        atMs,
        process: redactor.word(textOf(valueAt(line, mapping.process))),
        name,
        fields: {
          ...present("card", valueAt(line, mapping.card), (value) => redactor.reference(textOf(value))),
          ...present("lane", valueAt(line, mapping.lane), numberOf),
          ...present("story", valueAt(line, mapping.story), (value) => redactor.key(textOf(value))),
        },
        trouble,
        ...(requestId === "" ? {} : { moment: `request ${requestId}` }),
      });
    },
  };
}

/** Spans of `stormlane serve`. Their clock is the process's own and begins with it. */
export const spanReader: LineReader = {
  name: "spans",
  readObject(line, { redactor }) {
    const { role, task, kind, name, key, startMs, endMs, outcome, process } = line;
    if (typeof role !== "string" || typeof kind !== "string" || process === undefined) return undefined;
    if (kind === "mark") return notNeeded;
    if (typeof startMs !== "number" || typeof endMs !== "number") return undefined;
    if (outcome !== "ok" && outcome !== "fail" && outcome !== "unknown") return damaged("a span without an outcome");
    // Most of what fails in a disk's answers is that a file is not there.
    if (outcome === "ok" || (kind === "files" && outcome === "fail")) return notNeeded;
    return found({
      kind: "operation",
      atMs: startMs,
      process: redactor.word(role),
      task: taskOf(textOf(task), redactor),
      name: redactor.word(textOf(name)),
      key: redactor.reference(textOf(key)),
      outcome,
      durationMs: Math.max(0, endMs - startMs),
    });
  },
};

function present<Name extends string, Value>(
  name: Name,
  value: JsonValue | undefined,
  read: (value: JsonValue) => Value,
): Partial<Record<Name, Value>> {
  return value === undefined || value === null || value === "" ? {} : ({ [name]: read(value) } as Record<Name, Value>);
}

/** As `card EPIC-1 lane 5 attempt 1`. */
function taskOf(task: string, redactor: Redactor): string {
  return task
    .split(" ")
    .map((word) => redactor.reference(word))
    .join(" ");
}

/** Numbers, flags and keys. What is free text in them, as a reason, is left out. */
function knownFields(fields: JsonObject, redactor: Redactor): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const name of fieldNames) {
    const value = fields[name];
    if (typeof value === "number" || typeof value === "boolean") kept[name] = value;
    if (typeof value === "string" && value !== "") kept[name] = redactor.reference(value);
  }
  return kept;
}

const fieldNames: readonly string[] = [
  "card",
  "cardId",
  "epic",
  "story",
  "scope",
  "lane",
  "agent",
  "attempt",
  "generation",
  "takeover",
  "outcome",
  "purpose",
  "dateMoved",
  "trigger",
];
