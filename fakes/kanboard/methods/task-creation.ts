import type { JsonArray, JsonValue } from "../../../src/base/json.ts";
import type { Call, Statementwise } from "../call.ts";
import { defaultColorId } from "../colors.ts";
import { timestampOf } from "../dates.ts";
import { fireTaskEvent } from "../events.ts";
import type { Failure } from "../failure.ts";
import { isEmpty, toText } from "../php.ts";
import type { TaskRow } from "../rows.ts";
import { numberCell, rowId, textCell, type Cell } from "../sqlite.ts";
import { saveTags } from "./tags.ts";
import { sortedColumns } from "./columns.ts";
import { saveEmptyFields } from "./custom-fields.ts";
import { activeSwimlanes } from "./swimlanes.ts";

/** Values of a new card, as given. */
export type NewTask = Readonly<Record<string, JsonValue>> & {
  readonly project_id: JsonValue;
  readonly tags?: JsonArray;
};

/**
 * Starts in a statement that reads: where the card goes and how many open cards are there is known before the row is
 * written, so two creations at once may share a position. Then the row, its tags, its event. With MetaMagik empty custom
 * fields come before the event, which carries all that was given.
 *
 * @returns the new id, 0 when project, column or swimlane do not exist, or the failure of a transaction
 */
export function* createTask(call: Call, given: NewTask, how: CreationManner = {}): Statementwise<number | Failure> {
  const { store } = call;
  const values = prepare(call, given);
  const place = {
    project_id: rowId(given.project_id),
    column_id: rowId(values.column_id),
    swimlane_id: rowId(values.swimlane_id),
  };
  const position = store.openCards.count(place) + 1;
  yield call.statements.insertCard(store.tasks.nextId, rowId(given.project_id));
  const task = insert(call, values, given.project_id, position, how.copyOf);
  if (task === undefined) return 0;
  if (given.tags !== undefined && given.tags.length > 0) {
    yield call.statements.readTags(task.id, task.project_id);
    yield* saveTags(call, given.project_id, task.id, given.tags);
  }
  if (call.installation.customFields === undefined) {
    yield* fireTaskEvent(call, { name: "task.create", taskId: task.id });
    return task.id;
  }
  const failure = how.isAsked === false ? undefined : yield* saveEmptyFields(call, task.id);
  if (failure !== undefined) return failure;
  yield* fireTaskEvent(call, { name: "task.create", taskId: task.id, values: given });
  return task.id;
}

export interface CreationManner {
  /** The card that it is a copy of. */
  readonly copyOf?: number;
  /** False saves no custom fields. */
  readonly isAsked?: boolean;
}

function prepare(
  call: Call,
  given: NewTask,
): Readonly<Record<string, JsonValue>> & { column_id: JsonValue; swimlane_id: JsonValue } {
  const { store } = call;
  const nowS = call.nowS();
  const project = rowId(given.project_id);
  const values: Record<string, JsonValue> = { ...given };
  for (const name of ["date_due", "date_started"]) {
    if (!isEmpty(values[name])) values[name] = timestampOf(toText(values[name]), nowS);
  }
  for (const name of resettable)
    if (values[name] !== null && values[name] !== undefined && isEmpty(values[name])) values[name] = 0;
  if (isEmpty(values["color_id"])) values["color_id"] = defaultColorId;
  if (isEmpty(values["title"])) values["title"] = "Untitled";
  if (isEmpty(values["creator_id"]) && call.user !== undefined) values["creator_id"] = call.user.id;
  const column = isEmpty(values["column_id"]) ? (sortedColumns(store, project)[0]?.id ?? 0) : values["column_id"]!;
  const swimlane = isEmpty(values["swimlane_id"])
    ? (activeSwimlanes(store, project)[0]?.id ?? 0)
    : values["swimlane_id"]!;
  return Object.assign(values, { column_id: column, swimlane_id: swimlane, date_creation: nowS });
}

/** @returns undefined when the database refuses the row */
function insert(
  call: Call,
  values: ReturnType<typeof prepare>,
  projectId: JsonValue,
  position: number,
  copyOf: number | undefined,
): TaskRow | undefined {
  const { store } = call;
  const project = store.projects.find(projectId);
  const column = store.columns.find(values.column_id);
  const swimlane = store.swimlanes.find(values.swimlane_id);
  if (project === undefined || column === undefined || swimlane === undefined) return undefined;
  const number = (name: string, fallback: Cell): Cell => (name in values ? numberCell(values[name]) : fallback);
  const recurrence = recurrences.map((name) => number(name, 0));
  if (recurrence.includes(null)) return undefined;
  const created = values["date_creation"] as number;
  const task: TaskRow = {
    id: store.tasks.nextId,
    title: toText(values["title"]),
    description: textCell(values["description"]),
    date_creation: created,
    color_id: textCell(values["color_id"]),
    project_id: project.id,
    column_id: column.id,
    owner_id: number("owner_id", 0),
    position,
    is_active: 1,
    date_completed: null,
    score: number("score", null),
    date_due: number("date_due", null),
    category_id: number("category_id", 0),
    creator_id: number("creator_id", 0),
    date_modification: created,
    reference: "reference" in values ? textCell(values["reference"]) : "",
    date_started: number("date_started", null),
    time_spent: number("time_spent", 0),
    time_estimated: number("time_estimated", 0),
    swimlane_id: swimlane.id,
    date_moved: created,
    recurrence_status: recurrence[0]!,
    recurrence_trigger: recurrence[1]!,
    recurrence_factor: recurrence[2]!,
    recurrence_timeframe: recurrence[3]!,
    recurrence_basedate: recurrence[4]!,
    recurrence_parent: number("recurrence_parent", null) as number | null,
    recurrence_child: null,
    priority: number("priority", 0),
    external_provider: textCell(values["external_provider"]),
    external_uri: textCell(values["external_uri"]),
  };
  store.insertTask(task);
  call.commit();
  call.record({
    store: "board",
    type: "card.created",
    card: task.id,
    project: project.id,
    title: task.title,
    reference: task.reference ?? "",
    column: column.title,
    tags: [],
    ...(copyOf === undefined ? {} : { copyOf }),
    dateMoved: created,
  });
  return task;
}

const resettable: readonly string[] = [
  "creator_id",
  "owner_id",
  "date_due",
  "date_started",
  "score",
  "category_id",
  "time_estimated",
  "time_spent",
];

const recurrences: readonly string[] = [
  "recurrence_status",
  "recurrence_trigger",
  "recurrence_factor",
  "recurrence_timeframe",
  "recurrence_basedate",
];
