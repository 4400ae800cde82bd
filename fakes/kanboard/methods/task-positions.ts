import type { Footprint } from "../../../src/base/footprint.ts";
import type { JsonValue } from "../../../src/base/json.ts";
import { mayAct, member } from "../authorization.ts";
import type { Call, Statementwise } from "../call.ts";
import { databaseLocked, fatal, forbidden, type Failure } from "../failure.ts";
import { fireTaskEvent, type TaskEventName } from "../events.ts";
import { compare, looseEquals, toInteger, type PhpMap } from "../php.ts";
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
  yield call.statements.transaction([reading("project", project)]);
  const { commits } = store;
  yield call.statements.transaction([...writesOfMove(call, before, target), reading("board", project)]);
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
  if (kind !== "position") renumber(call, before, { ...to, column: before.column_id, swimlane: before.swimlane_id }, 0);
  renumber(call, before, to, target.position);
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
  const others = [
    ...othersAt(call, card, {
      project: rowId(target.project),
      column: card.column_id,
      swimlane: card.swimlane_id,
    }),
    ...othersAt(call, card, placeOf(target)),
  ];
  return [...writesOf("task", card.id, card.project_id), ...others.map(({ id }) => writing("task", id))];
}

/** Puts the card at a position among the open cards of a place, or leaves it out (position 0), and closes all gaps. */
function renumber(call: Call, card: TaskRow, place: Place, position: JsonValue): void {
  const { store } = call;
  const { column, swimlane } = place;
  const put = (id: number, at: number): void => {
    const row = store.tasks.find(id)!;
    if (row.position === at && row.column_id === column && row.swimlane_id === swimlane) return;
    store.updateTask(row, { position: at, column_id: column, swimlane_id: swimlane });
  };
  let offset = 1;
  for (const { id } of othersAt(call, card, place)) {
    if (looseEquals(position, offset)) put(card.id, offset++);
    put(id, offset++);
  }
  if (compare(position, offset) >= 0) put(card.id, offset);
}

/** Whether the card itself would be written: a position between two whole numbers may miss its place. */
function isPlaced(call: Call, card: TaskRow, target: Target): boolean {
  let offset = 1;
  for (const _ of othersAt(call, card, placeOf(target))) {
    if (looseEquals(target.position, offset)) return true;
    offset++;
  }
  return compare(target.position, offset) >= 0;
}

/** Where cards stand. The project is the one that was given: as text after a number it has no cards. */
interface Place {
  readonly project: number;
  readonly column: number;
  readonly swimlane: number;
}

function placeOf({ project, column, swimlane }: Target): Place {
  return { project: rowId(project), column: rowId(column), swimlane: rowId(swimlane) };
}

function othersAt(call: Call, card: TaskRow, { project, column, swimlane }: Place): TaskRow[] {
  const ids = call.store.openCards.at(project, column, swimlane);
  return [...ids]
    .filter((id) => id !== card.id)
    .map((id) => call.store.tasks.find(id)!)
    .toSorted((left, right) => left.position - right.position || left.id - right.id);
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
