import type { JsonValue } from "../../../src/base/json.ts";
import type { Call, Statementwise } from "../call.ts";
import type { SubtaskRow, TaskRow } from "../rows.ts";
import { subtasksOf } from "./subtasks.ts";

/** What a copy of a card takes from it, besides tags, subtasks, files and links. */
export function copiedFields(task: TaskRow | undefined): Record<(typeof copied)[number], JsonValue> {
  return Object.fromEntries(copied.map((name) => [name, task?.[name] ?? null])) as Record<
    (typeof copied)[number],
    JsonValue
  >;
}

/** Subtasks start anew: to do, no time spent. */
export function* copySubtasks(call: Call, from: number, to: number): Statementwise<void> {
  if (!call.store.subtasks.hasAny(from)) return;
  yield call.writesCard("subtasks", to);
  if (call.store.tasks.find(to) === undefined) return;
  for (const { title, time_estimated, position, user_id } of subtasksOf(call, from)) {
    const copy: SubtaskRow = {
      id: call.store.subtasks.nextId,
      title,
      status: 0,
      time_estimated,
      time_spent: 0,
      task_id: to,
      user_id,
      position,
    };
    call.store.subtasks.insert(copy);
  }
  call.commit();
}

const copied = [
  "title",
  "description",
  "date_due",
  "color_id",
  "project_id",
  "column_id",
  "owner_id",
  "score",
  "priority",
  "category_id",
  "time_estimated",
  "swimlane_id",
  "recurrence_status",
  "recurrence_trigger",
  "recurrence_factor",
  "recurrence_timeframe",
  "recurrence_basedate",
  "external_provider",
  "external_uri",
  "reference",
] as const;
