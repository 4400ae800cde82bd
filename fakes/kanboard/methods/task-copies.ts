import type { JsonValue } from "../../../src/base/json.ts";
import type { Call, Statementwise } from "../call.ts";
import { databaseLocked, type Failure } from "../failure.ts";
import type { SubtaskRow, TaskRow } from "../rows.ts";
import { nextId, reading, writesOf } from "../statements.ts";
import { subtasksOf } from "./subtasks.ts";

/** What a copy of a card takes from it, besides tags, subtasks, files and links. */
export function copiedFields(task: TaskRow | undefined): Record<(typeof copied)[number], JsonValue> {
  return Object.fromEntries(copied.map((name) => [name, task?.[name] ?? null])) as Record<
    (typeof copied)[number],
    JsonValue
  >;
}

/**
 * Subtasks start anew: to do, no time spent. One transaction that reads before it writes, if there are any.
 *
 * @returns the failure of the transaction
 */
export function* copySubtasks(call: Call, from: number, to: number): Statementwise<Failure | undefined> {
  yield call.statements.transaction([reading("subtasks", from)]);
  const { commits } = call.store;
  const subtasks = subtasksOf(call, from);
  if (subtasks.length === 0) return undefined;
  yield call.statements.transaction([...writesOf("subtasks", to, call.projectOf(to)), nextId("subtasks")]);
  if (call.store.commits !== commits) return databaseLocked;
  if (call.store.tasks.find(to) === undefined) return undefined;
  for (const { title, time_estimated, position, user_id } of subtasks) {
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
  return undefined;
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
