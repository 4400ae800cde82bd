import type { JsonObject } from "../../../src/base/json.ts";
import type { HistoryEvent, NoteEvent, ProcessEvent } from "../../../src/history/event.ts";

/** What the process `worker` says of itself in its task `main`. */
export function note(atUs: number, name: string, fields: JsonObject): NoteEvent {
  return { kind: "note", atUs, process: "worker", incarnation: 0, task: "main", name, fields };
}

export function process(atUs: number, name: string, what: ProcessEvent["what"]): HistoryEvent {
  return { kind: "process", atUs, process: name, incarnation: 0, what, reason: "" };
}
