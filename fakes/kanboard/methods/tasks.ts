import type { JsonValue } from "../../../src/base/json.ts";
import type { ServiceStep } from "../../../src/ports/service.ts";
import { administrators, member, viewer } from "../authorization.ts";
import type { Call, Statementwise } from "../call.ts";
import { timestampOf } from "../dates.ts";
import { fireTaskEvent } from "../events.ts";
import { fatal, type Failure } from "../failure.ts";
import { difference, isEmpty, listValues, looseEquals, toInteger, toText, type PhpMap } from "../php.ts";
import { atomic, statementwise, type Procedure } from "../procedure.ts";
import type { TaskRow } from "../rows.ts";
import { equalsNumber, numberCell, rowId, textCell, type Cell } from "../sqlite.ts";
import { cardResources, everything, nextId, reading, writesOf } from "../statements.ts";
import { openTasks, taskShape } from "../task-shapes.ts";
import { fatalIfArray, fatalIfNul, isGiven } from "../validation.ts";
import { hasRequiredField } from "./custom-fields.ts";
import { removeTaskFiles } from "./files.ts";
import { saveTags } from "./tags.ts";
import { createTask } from "./task-creation.ts";
import { areTaskValuesValid } from "./task-validation.ts";
import { recur } from "./recurrence.ts";
import { isAssignable } from "./users.ts";

/** In the order of the parameters. */
const updatable = [
  "title",
  "color_id",
  "owner_id",
  "date_due",
  "description",
  "category_id",
  "score",
  "priority",
  "recurrence_status",
  "recurrence_trigger",
  "recurrence_factor",
  "recurrence_timeframe",
  "recurrence_basedate",
  "reference",
  "tags",
  "date_started",
  "time_spent",
  "time_estimated",
] as const;

/** A change lists the priority after the reference. */
const changeOrder = updatable
  .flatMap((name) => (name === "priority" ? [] : name === "reference" ? [name, "priority" as const] : [name]))
  .map((name) => ({ name, index: updatable.indexOf(name) }));

const creationParameters = [
  "title",
  "project_id",
  ["color_id", ""],
  ["column_id", 0],
  ["owner_id", 0],
  ["creator_id", 0],
  ["date_due", ""],
  ["description", ""],
  ["category_id", 0],
  ["score", 0],
  ["swimlane_id", null],
  ["priority", 0],
  ["recurrence_status", 0],
  ["recurrence_trigger", 0],
  ["recurrence_factor", 0],
  ["recurrence_timeframe", 0],
  ["recurrence_basedate", 0],
  ["reference", ""],
  ["tags[]", []],
  ["date_started", ""],
  ["time_spent", null],
  ["time_estimated", null],
] as const;

/** Of the plugin MetaMagik. Viewers may call it, too. */
export const createTaskMeta: Procedure = statementwise({
  name: "createTaskMeta",
  parameters: creationParameters,
  guard: viewer("project", 1),
  run: createUnaskedTask,
});

export const taskProcedures: readonly Procedure[] = [
  atomic({
    name: "getTask",
    parameters: ["task_id"],
    guard: viewer("task"),
    touches: (call: Call, id: JsonValue) => call.readsCard("task", id),
    run: (call: Call, id: JsonValue) => {
      const task = call.store.tasks.find(id);
      return task === undefined ? null : taskShape(call.store, call.installation.baseUrl, task);
    },
  }),
  atomic({
    name: "getTaskByReference",
    parameters: ["project_id", "reference"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("project", rowId(project)),
    run: (call: Call, project: JsonValue, reference: JsonValue) => {
      const task = reference === null ? undefined : call.store.taskByReference(rowId(project), toText(reference));
      return task === undefined ? null : taskShape(call.store, call.installation.baseUrl, task);
    },
  }),
  atomic({
    name: "getAllTasks",
    parameters: ["project_id", ["status_id", 1]],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("project", rowId(project)),
    run: (call: Call, project: JsonValue, status: JsonValue) => {
      const { baseUrl } = call.installation;
      if (status === 1) return openTasks(call.store, baseUrl, rowId(project));
      const closed = equalsNumber(0, status) ? call.store.cards.closed.ids(rowId(project)) : [];
      const ids = equalsNumber(1, status) ? call.store.cards.open.ids(rowId(project)) : closed;
      return ids.map((card) => taskShape(call.store, baseUrl, call.store.tasks.find(card)!));
    },
  }),
  overdue("getOverdueTasks", []),
  overdue("getOverdueTasksByProject", ["project_id"]),
  overdue("getMyOverdueTasks", []),
  statementwise({
    name: "createTask",
    parameters: creationParameters,
    guard: member("project", 1),
    run: createGivenTask,
  }),
  statementwise({
    name: "updateTask",
    parameters: ["id", ...updatable.map((name) => [name, null] as const)],
    guard: member("task"),
    run: updateTask,
  }),
  statementwise({
    name: "openTask",
    parameters: ["task_id"],
    guard: member("task"),
    *run(call: Call, id: JsonValue) {
      yield call.writesCard("task", id);
      return yield* changeStatus(call, id, 1);
    },
  }),
  statementwise({
    name: "closeTask",
    parameters: ["task_id"],
    guard: member("task"),
    *run(call: Call, id: JsonValue) {
      yield call.writesCard("subtasks", id);
      const subtasks = call.store.subtasks.of(rowId(id));
      for (const subtask of subtasks) call.store.subtasks.replace({ ...subtask, status: 2 });
      if (subtasks.length > 0) call.commit();
      yield call.writesCard("task", id);
      return yield* changeStatus(call, id, 0);
    },
  }),
  statementwise({
    name: "removeTask",
    parameters: ["task_id"],
    guard: member("task"),
    *run(call: Call, id: JsonValue) {
      yield call.readsCard("files", id);
      if (call.store.tasks.find(id) === undefined) return false;
      yield* removeTaskFiles(call, rowId(id));
      yield removal(call, rowId(id));
      const task = call.store.tasks.find(id);
      if (task === undefined) return false;
      call.store.removeTask(task);
      call.commit();
      call.record({ store: "board", type: "card.removed", card: task.id });
      return true;
    },
  }),
];

function* createGivenTask(
  call: Call,
  title: JsonValue,
  project_id: JsonValue,
  color_id: JsonValue,
  column_id: JsonValue,
  owner_id: JsonValue,
  creator_id: JsonValue,
  date_due: JsonValue,
  description: JsonValue,
  category_id: JsonValue,
  score: JsonValue,
  swimlane_id: JsonValue,
  priority: JsonValue,
  recurrence_status: JsonValue,
  recurrence_trigger: JsonValue,
  recurrence_factor: JsonValue,
  recurrence_timeframe: JsonValue,
  recurrence_basedate: JsonValue,
  reference: JsonValue,
  tags: JsonValue,
  date_started: JsonValue,
  time_spent: JsonValue,
  time_estimated: JsonValue,
): Statementwise {
  const values = {
    title,
    project_id,
    color_id,
    column_id,
    owner_id,
    creator_id,
    date_due,
    description,
    category_id,
    score,
    swimlane_id,
    priority,
    recurrence_status,
    recurrence_trigger,
    recurrence_factor,
    recurrence_timeframe,
    recurrence_basedate,
    reference,
    tags: listValues(tags)!,
    date_started,
    time_spent,
    time_estimated,
  };
  yield call.statements.readPlaces(rowId(values.project_id));
  for (const person of [values.owner_id, values.creator_id]) {
    if (person !== 0 && !isAssignable(call.store, values.project_id, person)) return false;
  }
  const failure = failureOf(values);
  if (failure !== undefined) return failure;
  if (!areCreatable(values, call.nowS())) return false;
  if (hasRequiredField(call, values.project_id)) return false;
  return yield* createTask(call, values);
}

/** The plugin's own way: no field is asked for, and none is saved. Nobody asks whether the creator is a member. */
function* createUnaskedTask(call: Call, ...given: readonly JsonValue[]): Statementwise {
  const creation = Object.fromEntries(
    createTaskMeta.parameters.map(({ name }, index) => [name, given[index]!]),
  ) as unknown as CreationValues;
  const values = call.user === undefined ? creation : { ...creation, creator_id: call.user.id };
  yield call.statements.readPlaces(rowId(values.project_id));
  if (values.owner_id !== 0 && !isAssignable(call.store, values.project_id, values.owner_id)) return false;
  const failure = failureOf(values);
  if (failure !== undefined) return failure;
  if (!areCreatable(values, call.nowS())) return false;
  return yield* createTask(call, { ...values, tags: listValues(values["tags"]!)! }, { isAsked: false });
}

type CreationValues = Readonly<Record<string, JsonValue>> & {
  readonly title: JsonValue;
  readonly project_id: JsonValue;
  readonly owner_id: JsonValue;
  readonly reference: JsonValue;
  readonly date_due: JsonValue;
  readonly date_started: JsonValue;
};

function failureOf(values: CreationValues): Failure | undefined {
  return (
    fatalIfArray(values.title, values.reference, values.date_due, values.date_started) ??
    fatalIfNul(values.date_due, values.date_started)
  );
}

function areCreatable(values: CreationValues, nowS: number): boolean {
  return isGiven(values.project_id) && isGiven(values.title) && areTaskValuesValid(values, nowS);
}

/**
 * Writes what is given and nothing else; always touches the date of modification. One event at most: that the assignee
 * changed if nothing else did, else that the card was updated.
 */
function* updateTask(call: Call, id: JsonValue, ...given: readonly JsonValue[]): Statementwise {
  yield readsForUpdate(call, rowId(id));
  const before = call.store.tasks.find(id);
  if (before === undefined) return false;
  const values: Record<string, JsonValue> = { id };
  for (const { name, index } of changeOrder) if (given[index] !== null) values[name] = given[index]!;
  const { owner_id: owner } = values;
  if (owner !== undefined && !looseEquals(owner, 0) && !isAssignable(call.store, before.project_id, owner))
    return false;
  const failure =
    fatalIfArray(values["title"], values["reference"], values["date_due"], values["date_started"]) ??
    fatalIfNul(values["date_due"], values["date_started"]);
  if (failure !== undefined) return failure;
  if (!isGiven(id) || !areTaskValuesValid(values, call.nowS())) return false;
  if (values["tags"] !== undefined) {
    const tags = listValues(values["tags"]);
    if (tags === undefined) return fatal;
    yield* saveTags(call, before.project_id, id, tags);
  }
  const changes = changesOf(values, call.nowS());
  yield call.writesCard("task", id);
  const task = call.store.tasks.find(id);
  if (task === undefined) return true;
  const next = call.updateTask(task, cellsOf(changes));
  const fields = Object.keys(difference(changes, before)).filter((name) => name !== "date_modification");
  const { title, reference } = next;
  call.record({ store: "board", type: "card.updated", card: task.id, title, reference: reference ?? "", fields });
  if (fields.length === 0) return true;
  const isAssigneeAlone = fields.length === 1 && fields[0] === "owner_id" && !looseEquals(before.owner_id, owner);
  const name = isAssigneeAlone ? "task.assignee_change" : "task.update";
  yield* fireTaskEvent(call, { name, taskId: before.id, changes, before });
  return true;
}

/** Follows a statement that may write. */
function* changeStatus(call: Call, id: JsonValue, status: 0 | 1): Statementwise<boolean | Failure> {
  const task = call.store.tasks.find(id);
  if (task === undefined) return false;
  const now = call.nowS();
  call.updateTask(task, { is_active: status, date_completed: status === 0 ? now : 0, date_modification: now });
  call.record({ store: "board", type: status === 0 ? "card.closed" : "card.opened", card: task.id });
  yield* fireTaskEvent(call, { name: status === 0 ? "task.close" : "task.open", taskId: id });
  return status === 0 ? yield* recur(call, task.id, (row) => row.recurrence_trigger === onClose) : true;
}

/** The card, its tags and those it could have, and who may be its assignee. */
function readsForUpdate(call: Call, card: number): ServiceStep {
  const project = call.projectOf(card);
  return call.statements.reads(() => [
    reading("task", card),
    reading("board", project),
    reading("tags", card),
    reading("projectTags", project),
    reading("projectTags", 0),
  ]);
}

/** A card goes with everything that hangs on it, and its links on both sides. */
function removal(call: Call, card: number): ServiceStep {
  return call.statements.change(() => {
    const linked = call.store.taskLinks.of(card).map((link) => link.opposite_task_id);
    return [
      ...cardResources.flatMap((resource) => [...writesOf(resource, card, call.projectOf(card)), nextId(resource)]),
      ...linked.flatMap((opposite) => writesOf("links", opposite, call.projectOf(opposite))),
    ];
  });
}

function overdue(name: string, parameters: readonly string[]): Procedure {
  const guard =
    { getOverdueTasks: administrators, getMyOverdueTasks: { isForUsersOnly: true } }[name] ?? viewer("project");
  return atomic({
    name,
    parameters,
    guard,
    touches: () => everything,
    run: (call: Call, project?: JsonValue) => {
      const { store } = call;
      const isOverdue = (task: TaskRow): boolean =>
        typeof task.date_due === "number" &&
        task.date_due <= call.nowS() &&
        (name !== "getMyOverdueTasks" || task.owner_id === call.userId);
      const projects = project === undefined ? [...store.projects.all()] : [store.projects.find(project)];
      return projects
        .flatMap((each) => (each?.is_active === 1 ? store.cards.due.ids(each.id) : []))
        .toSorted((left, right) => left - right)
        .map((card) => store.tasks.find(card)!)
        .filter(isOverdue)
        .map(({ id, title, date_due, project_id, creator_id, owner_id }) => {
          const assignee = store.users.find(owner_id);
          return {
            id,
            title,
            date_due,
            project_id,
            creator_id,
            owner_id,
            project_name: store.projects.find(project_id)?.name ?? null,
            assignee_username: assignee?.username ?? null,
            assignee_name: assignee?.name ?? null,
          };
        });
    },
  });
}

/** Given values as they are written: dates in seconds, empty ones 0, some numbers from text. */
function changesOf(values: PhpMap, nowS: number): PhpMap {
  const { id: _, tags: __, ...changes } = values as Record<string, JsonValue>;
  for (const name of ["date_due", "date_started"]) {
    if (!isEmpty(changes[name])) changes[name] = timestampOf(toText(changes[name]), nowS);
  }
  for (const name of ["date_due", "date_started", "score", "category_id", "time_estimated", "time_spent"]) {
    if (name in changes && isEmpty(changes[name])) changes[name] = 0;
  }
  for (const name of integers) if (name in changes) changes[name] = toInteger(changes[name]);
  changes["date_modification"] = nowS;
  return changes;
}

function cellsOf(changes: PhpMap): Partial<TaskRow> {
  const cells: Record<string, Cell> = {};
  for (const [name, value] of Object.entries(changes)) {
    cells[name] = texts.has(name) ? textCell(value) : numberCell(value);
  }
  return cells;
}

const onClose = 2;
const texts: ReadonlySet<string> = new Set(["title", "description", "color_id", "reference"]);
const integers: readonly string[] = [
  "priority",
  "recurrence_status",
  "recurrence_trigger",
  "recurrence_factor",
  "recurrence_timeframe",
  "recurrence_basedate",
];
