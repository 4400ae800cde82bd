import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { member, viewer } from "../authorization.ts";
import type { Call, Statementwise } from "../call.ts";
import { fireCardEvent } from "../events.ts";
import { difference, isEmpty, looseEquals, toInteger, toText, type PhpMap } from "../php.ts";
import { atomic, statementwise, type Procedure } from "../procedure.ts";
import type { SubtaskRow, TimerRow } from "../rows.ts";
import { compareCells, numberCell, rowId, type Cell } from "../sqlite.ts";
import { reading, writesOf, writing } from "../statements.ts";
import { fatalIfArray, fitsOrAbsent, isGiven, isIntegerOrAbsent, isNumericOrAbsent } from "../validation.ts";

/** Subtasks and their timers. Times are hours. */
export const subtaskProcedures: readonly Procedure[] = [
  atomic({
    name: "getSubtask",
    parameters: ["subtask_id"],
    guard: viewer("subtask"),
    touches: (call: Call, id: JsonValue) => call.readsOwner("subtasks", call.store.subtasks.find(id)),
    run: (call: Call, id: JsonValue) => call.store.subtasks.find(id) ?? null,
  }),
  atomic({
    name: "getAllSubtasks",
    parameters: ["task_id"],
    guard: viewer("task"),
    touches: (call: Call, task: JsonValue) => call.readsCard("subtasks", task),
    run: (call: Call, task: JsonValue) => subtasksOf(call, rowId(task)).map((subtask) => subtaskShape(call, subtask)),
  }),
  statementwise({
    name: "createSubtask",
    parameters: ["task_id", "title", ["user_id", 0], ["time_estimated", 0], ["time_spent", 0], ["status", 0]],
    guard: member("task"),
    run: createSubtask,
  }),
  statementwise({
    name: "updateSubtask",
    parameters: [
      "id",
      "task_id",
      ["title", null],
      ["user_id", null],
      ["time_estimated", null],
      ["time_spent", null],
      ["status", null],
      ["position", null],
    ],
    guard: member("task", 1),
    run: updateSubtask,
  }),
  statementwise({
    name: "removeSubtask",
    parameters: ["subtask_id"],
    guard: member("subtask"),
    *run(call: Call, id: JsonValue) {
      const card = cardOf(call, id);
      yield call.statements.change([reading("subtasks", card), writing("project", call.projectOf(card))]);
      yield* fireSubtaskEvent(call, "subtask.delete", id);
      yield call.insertsInto("subtasks", card);
      const subtask = call.store.subtasks.find(id);
      if (subtask === undefined) return false;
      call.store.removeSubtask(subtask);
      call.commit();
      yield* sumTimes(call, subtask.task_id);
      return true;
    },
  }),
  atomic({
    name: "hasSubtaskTimer",
    parameters: ["subtask_id", "user_id"],
    guard: viewer("subtask"),
    touches: (call: Call, id: JsonValue) => call.readsOwner("subtasks", call.store.subtasks.find(id)),
    run: (call: Call, id: JsonValue, user: JsonValue) => runningTimer(call, id, user) !== undefined,
  }),
  atomic({
    name: "setSubtaskStartTime",
    parameters: ["subtask_id", "user_id"],
    guard: member("subtask"),
    touches: (call: Call, id: JsonValue) => call.insertsInto("subtasks", cardOf(call, id)),
    run: (call: Call, id: JsonValue, user: JsonValue) => {
      if (call.user !== undefined && !looseEquals(user, call.user.id)) return false;
      if (runningTimer(call, id, user) !== undefined) return false;
      const subtask = call.store.subtasks.find(id);
      const worker = call.store.users.find(user);
      if (subtask === undefined || worker === undefined) return false;
      const timer: TimerRow = {
        id: call.store.timers.nextId,
        user_id: worker.id,
        subtask_id: subtask.id,
        start: call.nowS(),
        end: 0,
        time_spent: 0,
      };
      call.store.timers.insert(timer);
      call.commit();
      return true;
    },
  }),
  statementwise({
    name: "setSubtaskEndTime",
    parameters: ["subtask_id", "user_id"],
    guard: member("subtask"),
    *run(call: Call, id: JsonValue, user: JsonValue) {
      yield call.writesCard("subtasks", cardOf(call, id));
      if (call.user !== undefined && !looseEquals(user, call.user.id)) return false;
      const timer = runningTimer(call, id, user);
      if (timer === undefined) return true;
      const spent = hoursSince(timer, call.nowS());
      call.store.timers.replace({ ...timer, end: call.nowS(), time_spent: spent });
      call.commit();
      const subtask = call.store.subtasks.find(id)!;
      if (spent > 0) {
        call.store.subtasks.replace({ ...subtask, time_spent: Number(subtask.time_spent) + spent });
        yield* sumTimes(call, subtask.task_id);
      }
      return true;
    },
  }),
  atomic({
    name: "getSubtaskTimeSpent",
    parameters: ["subtask_id", "user_id"],
    guard: viewer("subtask"),
    touches: (call: Call, id: JsonValue) => call.readsOwner("subtasks", call.store.subtasks.find(id)),
    run: (call: Call, id: JsonValue, user: JsonValue) => {
      const timer = runningTimer(call, id, user);
      return timer === undefined ? 0 : hoursSince(timer, call.nowS());
    },
  }),
];

function* createSubtask(
  call: Call,
  task: JsonValue,
  title: JsonValue,
  user: JsonValue,
  estimated: JsonValue,
  spent: JsonValue,
  status: JsonValue,
): Statementwise {
  yield call.readsCard("subtasks", task);
  const failure = fatalIfArray(title);
  if (failure !== undefined) return failure;
  if (!isGiven(task) || !isGiven(title)) return false;
  if (!areValid({ task_id: task, title, user_id: user, status, time_estimated: estimated, time_spent: spent }))
    return false;
  const position = toInteger(subtasksOf(call, rowId(task)).at(-1)?.position) + 1;
  yield call.insertsInto("subtasks", task);
  const card = call.store.tasks.find(task);
  if (card === undefined) return false;
  const subtask: SubtaskRow = {
    id: call.store.subtasks.nextId,
    title: toText(title),
    status: numberCell(status) ?? 0,
    time_estimated: hours(estimated) ?? 0,
    time_spent: hours(spent) ?? 0,
    task_id: card.id,
    user_id: numberCell(user) ?? 0,
    position,
  };
  call.store.subtasks.insert(subtask);
  call.commit();
  yield* sumTimes(call, card.id);
  yield* fireSubtaskEvent(call, "subtask.create", subtask.id);
  return subtask.id;
}

function* updateSubtask(
  call: Call,
  id: JsonValue,
  task: JsonValue,
  title: JsonValue,
  user: JsonValue,
  estimated: JsonValue,
  spent: JsonValue,
  status: JsonValue,
  position: JsonValue,
): Statementwise {
  yield call.readsCard("subtasks", task);
  const found = call.store.subtasks.find(id);
  if (found === undefined || found.task_id !== toInteger(task)) return false;
  const failure = fatalIfArray(title);
  if (failure !== undefined) return failure;
  const given = {
    id,
    task_id: task,
    title,
    user_id: user,
    time_estimated: typeof estimated === "object" ? estimated : resetTime(estimated),
    time_spent: typeof spent === "object" ? spent : resetTime(spent),
    status,
    position,
  };
  if (!isGiven(id) || !isGiven(task) || !isIntegerOrAbsent(id) || !areValid(given)) return false;
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  yield call.writesCard("subtasks", task);
  const subtask = call.store.subtasks.find(id);
  if (subtask === undefined) return true;
  const cells: Record<string, Cell> = {};
  for (const [name, value] of Object.entries(values)) {
    if (name !== "id" && name !== "task_id") cells[name] = name === "title" ? toText(value) : numberCell(value);
  }
  call.store.subtasks.replace({ ...subtask, ...cells });
  call.commit();
  yield* sumTimes(call, subtask.task_id);
  yield* fireSubtaskEvent(call, "subtask.update", subtask.id, values);
  return true;
}

/** The card's times follow those of its subtasks, without a date of modification. */
function* sumTimes(call: Call, card: number): Statementwise<void> {
  yield call.statements.change([...writesOf("task", card, call.projectOf(card)), reading("subtasks", card)]);
  const task = call.store.tasks.find(card);
  if (task === undefined) return;
  const subtasks = call.store.subtasks.of(card);
  const sum = (field: "time_spent" | "time_estimated"): number | null =>
    subtasks.length === 0 ? null : subtasks.reduce((total, subtask) => total + Number(subtask[field]), 0);
  call.updateTask(task, { time_spent: sum("time_spent"), time_estimated: sum("time_estimated") });
}

function* fireSubtaskEvent(call: Call, name: string, id: JsonValue, values?: PhpMap): Statementwise<void> {
  const event = { name, resource: "subtasks", card: cardOf(call, id), touchesProject: true } as const;
  yield* fireCardEvent(call, event, () => {
    const subtask = call.store.subtasks.find(id);
    if (subtask === undefined) return undefined;
    const shape = subtaskShape(call, subtask);
    return values === undefined ? { subtask: shape } : { subtask: shape, changes: difference(values, shape as PhpMap) };
  });
}

export function subtaskShape(call: Call, subtask: SubtaskRow): JsonObject {
  const worker = call.store.users.find(subtask.user_id);
  const timerStart =
    call.store.timers.of(subtask.id).find((timer) => timer.end === 0 && timer.user_id === call.userId)?.start ?? 0;
  return {
    ...subtask,
    username: worker?.username ?? null,
    name: worker?.name ?? null,
    timer_start_date: timerStart,
    status_name: typeof subtask.status === "number" ? (statusNames[subtask.status] ?? null) : null,
    is_timer_started: timerStart !== 0,
  };
}

function areValid(given: Readonly<Record<string, JsonValue>>): boolean {
  return (
    isIntegerOrAbsent(given["task_id"]) &&
    fitsOrAbsent(given["title"], 65_535) &&
    isIntegerOrAbsent(given["user_id"]) &&
    isIntegerOrAbsent(given["status"]) &&
    isNumericOrAbsent(given["time_estimated"]) &&
    isNumericOrAbsent(given["time_spent"])
  );
}

export function subtasksOf(call: Call, card: number): SubtaskRow[] {
  return call.store.subtasks
    .of(card)
    .toSorted((left, right) => compareCells(left.position, right.position) || left.id - right.id);
}

function runningTimer(call: Call, id: JsonValue, user: JsonValue): TimerRow | undefined {
  return call.store.timers.of(rowId(id)).find((timer) => timer.end === 0 && timer.user_id === rowId(user));
}

/** Hours with two decimals. */
function hoursSince(timer: TimerRow, nowS: number): number {
  return Math.round((Math.abs(nowS - timer.start) / 3600) * 100) / 100;
}

function hours(value: JsonValue): Cell {
  return numberCell(resetTime(value));
}

/** Empty values become 0; null stays. */
function resetTime(value: JsonValue): JsonValue {
  return value !== null && isEmpty(value) ? 0 : value;
}

function cardOf(call: Call, id: JsonValue): number {
  return call.store.subtasks.find(id)?.task_id ?? 0;
}

const statusNames: readonly string[] = ["Todo", "In progress", "Done"];
