import type { Call, Statementwise } from "../call.ts";
import { shiftDate } from "../dates.ts";
import { Failure } from "../failure.ts";
import { compare, isEmpty, looseEquals, toInteger } from "../php.ts";
import type { TaskRow } from "../rows.ts";
import { sortedColumns } from "./columns.ts";
import { addExternalLink } from "./external-links.ts";
import { attach } from "./tags.ts";
import { copiedFields, copySubtasks } from "./task-copies.ts";
import { createTask } from "./task-creation.ts";

/**
 * After an event of a recurring card whose trigger it is: creates the next one in the first column, with a new due
 * date, and marks this one as processed.
 *
 * @returns true unless a transaction failed
 */
export function* recur(call: Call, id: number, isTriggered: (task: TaskRow) => boolean): Statementwise<true | Failure> {
  const { store } = call;
  const task = store.tasks.find(id);
  if (task === undefined || !looseEquals(task.recurrence_status, pending) || !isTriggered(task)) return true;
  yield call.statements.readPlaces(task.project_id);
  const next = yield* createTask(
    call,
    {
      ...copiedFields(task),
      date_due: nextDueDate(task, call.nowS()),
      recurrence_parent: task.id,
      project_id: task.project_id,
      column_id: sortedColumns(store, task.project_id)[0]?.id ?? 0,
    },
    { copyOf: task.id },
  );
  if (next instanceof Failure) return next;
  const failure = yield* copySubtasks(call, task.id, next);
  if (failure !== undefined) return failure;
  yield call.statements.readTags(task.id, task.project_id);
  for (const tag of store.tagsOf(task.id)) {
    yield call.statements.writeTags(next, call.projectOf(next), call.projectOf(next));
    attach(call, next, store.tags.find(tag)!);
  }
  yield call.readsCard("external", task.id);
  for (const link of store.externalLinks.of(task.id)) {
    yield call.insertsInto("external", next);
    const { title, url, link_type, dependency } = link;
    addExternalLink(call, next, { title, url, link_type, dependency });
  }
  yield call.writesCard("task", task.id);
  const parent = store.tasks.find(task.id);
  if (parent !== undefined) call.updateTask(parent, { recurrence_status: processed, recurrence_child: next });
  return true;
}

function nextDueDate(task: TaskRow, nowS: number): TaskRow["date_due"] {
  if (isEmpty(task.date_due) || compare(task.recurrence_factor, 0) === 0) return task.date_due;
  const from = looseEquals(task.recurrence_basedate, fromTriggerDate) ? nowS : toInteger(task.date_due);
  const unit = units[toInteger(task.recurrence_timeframe)] ?? "days";
  return shiftDate(from, toInteger(task.recurrence_factor), unit);
}

const pending = 1;
const processed = 2;
const fromTriggerDate = 1;
const units = ["days", "months", "years"] as const;
