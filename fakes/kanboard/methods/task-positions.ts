import type { Footprint } from "../../../src/base/footprint.ts";
import type { JsonValue } from "../../../src/base/json.ts";
import { mayAct, member } from "../authorization.ts";
import type { Call, Statementwise } from "../call.ts";
import { databaseLocked, fatal, forbidden, type Failure } from "../failure.ts";
import { fireTaskEvent, type TaskEventName } from "../events.ts";
import { isSamePlace, type Place } from "../open-cards.ts";
import { compare, isNumeric, looseEquals, toInteger, type PhpMap } from "../php.ts";
import { statementwise, type Procedure } from "../procedure.ts";
import type { TaskRow } from "../rows.ts";
import { rowId } from "../sqlite.ts";
import { reading, writesOf, writing } from "../statements.ts";
import { recur } from "./recurrence.ts";
import { sortedColumns } from "./columns.ts";

export const taskPositionProcedures: readonly Procedure[] = [
  statementwise({
    name: "moveTaskPosition",
    parameters: ["project_id", "task_id", "column_id", "position", "swimlane_id"],
    guard: member("task", 1),
    run: moveTaskPosition,
  }),
];

/**
 * The card is read first; then one transaction reads who stands where and writes all positions anew. It fails when
 * anybody commits in between. What the event says of the place before is what was read first.
 */
function* moveTaskPosition(
  call: Call,
  project: JsonValue,
  id: JsonValue,
  column: JsonValue,
  position: JsonValue,
  swimlane: JsonValue,
): Statementwise {
  yield call.readsCard("task", id);
  const before = call.store.tasks.find(id);
  if ((before?.project_id ?? 0) !== toInteger(project)) return false;
  if (!mayAct(member("project"), call, [project])) return forbidden;
  if (compare(position, 1) < 0) return false;
  // The server writes what it can, then fails over the card that is not there.
  if (before === undefined) return fatal;
  if (column === null) {
    call.context.unmodelled({
      method: "moveTaskPosition",
      args: [id, column],
      file: "fakes/kanboard/methods/task-positions.ts",
    });
  }
  const target = { project, column, position, swimlane: looseEquals(swimlane, 0) ? before.swimlane_id : swimlane };
  const kind = kindOf(before, target);
  if (kind === "none") return false;
  const isMoved = yield* rewritePositions(call, before, target, kind);
  if (isMoved !== true) return isMoved;
  return (yield* fireMoves(call, before, target)) ?? true;
}

interface Target {
  readonly project: JsonValue;
  readonly column: JsonValue;
  readonly position: JsonValue;
  readonly swimlane: JsonValue;
}

type MoveKind = "swimlane" | "column" | "position" | "none";

function kindOf(before: TaskRow, target: Target): MoveKind {
  if (!looseEquals(before.swimlane_id, target.swimlane)) return "swimlane";
  if (!looseEquals(before.column_id, target.column)) return "column";
  return looseEquals(before.position, target.position) ? "none" : "position";
}

function* rewritePositions(
  call: Call,
  before: TaskRow,
  target: Target,
  kind: MoveKind,
): Statementwise<boolean | Failure> {
  const { store } = call;
  const { id, project_id: project } = before;
  yield call.statements.transaction(() => [reading("project", project)]);
  const { commits } = store;
  yield call.statements.transaction(() => [...writesOfMove(call, before, target), reading("board", project)]);
  if (store.commits !== commits) return databaseLocked;
  const now = call.nowS();
  const [column, swimlane] = [store.columns.find(target.column), store.swimlanes.find(target.swimlane)];
  if (column === undefined || swimlane === undefined) {
    // The row is refused and the transaction taken back; but the dates are written all the same, on their own.
    const isWritten = isPlaced(call, before, target);
    if (isWritten && kind !== "position") setDates(call, id, now);
    return isWritten ? false : kind === "position";
  }
  const card = store.tasks.find(id);
  if (card === undefined) return true;
  const to = placeOf(target);
  const source = kind === "position" ? to : { ...before, project_id: to.project_id };
  store.renumber(id, source, to, rankOf(target.position, countOthers(call, id, to)));
  if (target.position === true) alternate(call, id, to);
  if (kind !== "position") setDates(call, id, now);
  call.commit();
  const after = store.tasks.find(id)!;
  if (after.column_id !== card.column_id) {
    const from = store.columns.find(card.column_id)?.title ?? "";
    const to = store.columns.find(after.column_id)?.title ?? "";
    call.record({ store: "board", type: "card.moved", card: id, from, to, dateMoved: after.date_moved });
  }
  return true;
}

/** The card, and all whose positions may change with it. */
function writesOfMove(call: Call, card: TaskRow, target: Target): Footprint[] {
  const to = placeOf(target);
  const others = [...othersAt(call, card.id, { ...card, project_id: to.project_id }), ...othersAt(call, card.id, to)];
  return [...writesOf("task", card.id, card.project_id), ...others.map((id) => writing("task", id))];
}

/** Whether the card itself would be written: a position between two whole numbers may miss its place. */
function isPlaced(call: Call, card: TaskRow, target: Target): boolean {
  return rankOf(target.position, countOthers(call, card.id, placeOf(target))) !== undefined;
}

/** The rank that a position means among so many others; undefined when it meets none of them and is not behind all. */
function rankOf(position: JsonValue, others: number): number | undefined {
  if (compare(position, others + 1) >= 0) return others + 1;
  const rank = isNumeric(position) ? Number(position) : Number.NaN;
  return Number.isInteger(rank) ? rank : undefined;
}

/** `true` equals every number: the card stands before each of the others for a moment, and behind the last one at the end. */
function alternate(call: Call, id: number, place: Place): void {
  const { store } = call;
  let offset = 2;
  for (const other of othersAt(call, id, place)) {
    store.updateTask(store.tasks.find(other)!, { position: offset });
    offset += 2;
  }
  const { column_id, swimlane_id } = place;
  store.updateTask(store.tasks.find(id)!, { position: offset - 1, column_id, swimlane_id });
}

/** The project is the one that was given: as text after a number it has no cards. */
function placeOf({ project, column, swimlane }: Target): Place {
  return { project_id: rowId(project), column_id: rowId(column), swimlane_id: rowId(swimlane) };
}

/** In order. */
function othersAt(call: Call, card: number, place: Place): number[] {
  return call.store.openCards.ids(place).filter((id) => id !== card);
}

function countOthers(call: Call, card: number, place: Place): number {
  const { openCards, tasks } = call.store;
  const row = tasks.find(card);
  const isThere = row !== undefined && row.is_active === 1 && isSamePlace(row, place);
  return openCards.count(place) - (isThere ? 1 : 0);
}

function setDates(call: Call, id: number, nowS: number): void {
  const card = call.store.tasks.find(id);
  if (card !== undefined) call.updateTask(card, { date_moved: nowS, date_modification: nowS });
}

/** @returns the failure of what a recurring card brings about */
function* fireMoves(call: Call, before: TaskRow, target: Target): Statementwise<Failure | undefined> {
  const values: PhpMap = {
    project_id: before.project_id,
    position: target.position,
    column_id: target.column,
    swimlane_id: target.swimlane,
    src_column_id: before.column_id,
    dst_column_id: target.column,
    date_moved: before.date_moved,
    recurrence_status: before.recurrence_status,
    recurrence_trigger: before.recurrence_trigger,
  };
  const names: TaskEventName[] = [];
  if (!looseEquals(before.swimlane_id, target.swimlane)) names.push("task.move.swimlane");
  if (!looseEquals(before.column_id, target.column)) names.push("task.move.column");
  if (names.length === 0) names.push("task.move.position");
  for (const name of names) {
    yield* fireTaskEvent(call, { name, taskId: before.id, changes: values, values });
    if (name !== "task.move.column") continue;
    const isDone = yield* recurAfterMove(call, before, target);
    if (isDone !== true) return isDone;
  }
  return undefined;
}

/** A recurring card may come again when it leaves the first column, or reaches the last one. */
function* recurAfterMove(call: Call, before: TaskRow, target: Target): Statementwise<true | Failure> {
  return yield* recur(call, before.id, (task) => {
    const columns = sortedColumns(call.store, task.project_id);
    if (task.recurrence_trigger === leavesFirstColumn) return columns[0]?.id === before.column_id;
    return task.recurrence_trigger === reachesLastColumn && looseEquals(columns.at(-1)?.id, target.column);
  });
}

const leavesFirstColumn = 0;
const reachesLastColumn = 1;
