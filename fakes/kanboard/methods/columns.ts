import type { JsonArray, JsonValue } from "../../../src/base/json.ts";
import { manager, viewer } from "../authorization.ts";
import type { Call } from "../call.ts";
import { compare, looseEquals, toInteger, toText } from "../php.ts";
import { atomic, type Procedure } from "../procedure.ts";
import type { ColumnRow } from "../rows.ts";
import { compareCells, numberCell, rowId, textCell } from "../sqlite.ts";
import type { Store } from "../store.ts";

/** Every write here is one statement, or several that nobody minds to see as one. */
export const columnProcedures: readonly Procedure[] = [
  atomic({
    name: "getColumns",
    parameters: ["project_id"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("board", rowId(project)),
    run: (call: Call, project: JsonValue) => columnsOf(call.store, rowId(project)),
  }),
  atomic({
    name: "getColumn",
    parameters: ["column_id"],
    guard: viewer("column"),
    touches: (call: Call, id: JsonValue) => call.statements.read("board", projectOf(call, id)),
    run: (call: Call, id: JsonValue) => call.store.columns.find(id) ?? null,
  }),
  atomic({
    name: "addColumn",
    parameters: ["project_id", "title", ["task_limit", 0], ["description", ""]],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, project: JsonValue, title: JsonValue, limit: JsonValue, description: JsonValue) =>
      addColumn(call, rowId(project), title, limit, description),
  }),
  atomic({
    name: "updateColumn",
    parameters: ["column_id", "title", ["task_limit", 0], ["description", ""]],
    guard: manager("column"),
    touches: (call: Call, id: JsonValue) => call.statements.writeBoard(projectOf(call, id)),
    run: (call: Call, id: JsonValue, title: JsonValue, limit: JsonValue, description: JsonValue) => {
      const column = call.store.columns.find(id);
      if (column === undefined) return true;
      if (title === null || isTaken(call.store, column.project_id, toText(title), column.id)) return false;
      call.store.columns.replace({
        ...column,
        title: toText(title),
        task_limit: toInteger(limit),
        description: textCell(description),
        hide_in_dashboard: 0,
      });
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "removeColumn",
    parameters: ["column_id"],
    guard: manager("column"),
    touches: (call: Call, id: JsonValue) => call.statements.writeBoard(projectOf(call, id)),
    run: (call: Call, id: JsonValue) => {
      const column = call.store.columns.find(id);
      if (column === undefined) return false;
      const cards = call.store.cards.column.ids(column.id).map((card) => call.store.tasks.find(card)!);
      if (cards.some((card) => card.project_id === column.project_id)) return false;
      // Cards of other projects do not hold the column, and go with it.
      for (const card of cards) {
        call.store.removeTask(card);
        call.record({ store: "board", type: "card.removed", card: card.id });
      }
      call.store.columns.remove(column.id);
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "changeColumnPosition",
    parameters: ["project_id", "column_id", "position"],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, project: JsonValue, id: JsonValue, position: JsonValue) => {
      const column = call.store.columns.find(id);
      if ((column?.project_id ?? 0) !== toInteger(project)) return false;
      const columns = sortedColumns(call.store, rowId(project));
      if (column === undefined || compare(position, 1) < 0 || compare(position, columns.length) > 0) return false;
      let offset = 1;
      for (const other of columns) {
        if (other.id === column.id) continue;
        if (looseEquals(offset, position)) offset++;
        call.store.columns.replace({ ...other, position: offset });
        offset++;
      }
      call.store.columns.replace({ ...column, position: numberCell(position) });
      call.commit();
      return true;
    },
  }),
];

/** @returns the new column's id, or false when the project is unknown or has the title */
export function addColumn(
  call: Call,
  project: number,
  title: JsonValue,
  limit: JsonValue,
  description: JsonValue,
): number | false {
  const { store } = call;
  if (store.projects.find(project) === undefined || title === null || isTaken(store, project, toText(title)))
    return false;
  const last = sortedColumns(store, project).at(-1);
  const column: ColumnRow = {
    id: store.columns.nextId,
    title: toText(title),
    position: toInteger(last?.position) + 1,
    project_id: project,
    task_limit: toInteger(limit),
    description: textCell(description),
    hide_in_dashboard: 0,
  };
  store.columns.insert(column);
  call.commit();
  return column.id;
}

/** By position. */
function columnsOf(store: Store, project: number): JsonArray {
  return store.columns.listing(project, () => store.columns.of(project).toSorted(byPosition));
}

export function sortedColumns(store: Store, project: number): readonly ColumnRow[] {
  return columnsOf(store, project) as readonly ColumnRow[];
}

/** Exact: `Review` and `review` are two titles. */
export function columnTitled(store: Store, project: number, title: JsonValue | undefined): ColumnRow | undefined {
  return title === null || title === undefined
    ? undefined
    : store.columns.of(project).find((column) => column.title === toText(title));
}

function isTaken(store: Store, project: number, title: string, except = 0): boolean {
  return store.columns.of(project).some((column) => column.title === title && column.id !== except);
}

function byPosition(left: ColumnRow, right: ColumnRow): number {
  return compareCells(left.position, right.position) || left.id - right.id;
}

function projectOf(call: Call, id: JsonValue): number {
  return call.store.columns.find(id)?.project_id ?? 0;
}
