import type { JsonArray, JsonValue } from "../../../src/base/json.ts";
import { manager, viewer } from "../authorization.ts";
import type { Call } from "../call.ts";
import { compare, looseEquals, toInteger, toText } from "../php.ts";
import { atomic, type Procedure } from "../procedure.ts";
import type { SwimlaneRow } from "../rows.ts";
import { compareCells, numberCell, rowId, textCell } from "../sqlite.ts";
import type { Store } from "../store.ts";
import { fatalIfArray, fitsOrAbsent, isGiven, isIntegerOrAbsent } from "../validation.ts";

export const swimlaneProcedures: readonly Procedure[] = [
  listing("getActiveSwimlanes", (store, project) => activeSwimlanes(store, project)),
  listing("getAllSwimlanes", (store, project) => store.swimlanes.of(project).toSorted(byPosition)),
  single("getSwimlane"),
  single("getSwimlaneById"),
  atomic({
    name: "getSwimlaneByName",
    parameters: ["project_id", "name"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("board", rowId(project)),
    run: (call: Call, project: JsonValue, name: JsonValue) => swimlaneNamed(call.store, rowId(project), name) ?? null,
  }),
  atomic({
    name: "addSwimlane",
    parameters: ["project_id", "name", ["description", ""]],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, project: JsonValue, name: JsonValue, description: JsonValue) =>
      addSwimlane(call, rowId(project), name, description),
  }),
  atomic({
    name: "updateSwimlane",
    parameters: ["project_id", "swimlane_id", "name", ["description", null]],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, project: JsonValue, id: JsonValue, name: JsonValue, description: JsonValue) => {
      const swimlane = ownSwimlane(call, project, id);
      if (swimlane === undefined) return false;
      const failure = fatalIfArray(name);
      if (failure !== undefined) return failure;
      if (!isIntegerOrAbsent(id) || !isIntegerOrAbsent(project) || !isGiven(name) || !fitsOrAbsent(name, 191))
        return false;
      if (isTaken(call.store, swimlane.project_id, toText(name), swimlane.id)) return false;
      const text = description === null ? swimlane.description : toText(description);
      call.store.swimlanes.replace({ ...swimlane, name: toText(name), description: text });
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "removeSwimlane",
    parameters: ["project_id", "swimlane_id"],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, project: JsonValue, id: JsonValue) => {
      const swimlane = ownSwimlane(call, project, id);
      if (swimlane === undefined) return false;
      if (swimlane.project_id !== rowId(project)) return false;
      if (call.store.cards.swimlane.count(swimlane.id) > 0) return false;
      call.store.swimlanes.remove(swimlane.id);
      renumber(call.store, swimlane.project_id);
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "disableSwimlane",
    parameters: ["project_id", "swimlane_id"],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, project: JsonValue, id: JsonValue) => {
      const swimlane = call.store.swimlanes.find(id);
      if (swimlane?.project_id === rowId(project)) {
        call.store.swimlanes.replace({ ...swimlane, is_active: 0, position: 0 });
        call.commit();
      }
      renumber(call.store, rowId(project));
      return true;
    },
  }),
  atomic({
    name: "enableSwimlane",
    parameters: ["project_id", "swimlane_id"],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, project: JsonValue, id: JsonValue) => {
      const swimlane = call.store.swimlanes.find(id);
      if (swimlane?.project_id !== rowId(project)) return true;
      const position = activeSwimlanes(call.store, swimlane.project_id).length + 1;
      call.store.swimlanes.replace({ ...swimlane, is_active: 1, position });
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "changeSwimlanePosition",
    parameters: ["project_id", "swimlane_id", "position"],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, project: JsonValue, id: JsonValue, position: JsonValue) => {
      const swimlane = ownSwimlane(call, project, id);
      if (swimlane === undefined || compare(position, 1) < 0) return false;
      if (compare(position, call.store.swimlanes.count(rowId(project))) > 0) return false;
      let offset = 1;
      for (const other of activeSwimlanes(call.store, swimlane.project_id)) {
        if (other.id === swimlane.id) continue;
        if (looseEquals(offset, position)) offset++;
        call.store.swimlanes.replace({ ...other, position: offset });
        offset++;
      }
      call.store.swimlanes.replace({ ...swimlane, position: numberCell(position) });
      call.commit();
      return true;
    },
  }),
];

/** @returns the new swimlane's id, 0 in an unknown project, false when the project has the name */
export function addSwimlane(call: Call, project: number, name: JsonValue, description: JsonValue): number | false {
  const { store } = call;
  if (store.projects.find(project) === undefined) return 0;
  if (name === null || isTaken(store, project, toText(name))) return false;
  const swimlane: SwimlaneRow = {
    id: store.swimlanes.nextId,
    name: toText(name),
    position: activeSwimlanes(store, project).length + 1,
    is_active: 1,
    project_id: project,
    description: textCell(description),
    task_limit: 0,
  };
  store.swimlanes.insert(swimlane);
  call.commit();
  return swimlane.id;
}

/** By position. */
export function activeSwimlanes(store: Store, project: number): readonly SwimlaneRow[] {
  const { swimlanes } = store;
  const build = (): JsonArray =>
    swimlanes
      .of(project)
      .filter((row) => row.is_active === 1)
      .toSorted(byPosition);
  return swimlanes.listing(project, build) as readonly SwimlaneRow[];
}

export function swimlaneNamed(store: Store, project: number, name: JsonValue | undefined): SwimlaneRow | undefined {
  return name === null || name === undefined
    ? undefined
    : store.swimlanes.of(project).find((swimlane) => swimlane.name === toText(name));
}

function listing(name: string, list: (store: Store, project: number) => JsonArray): Procedure {
  return atomic({
    name,
    parameters: ["project_id"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("board", rowId(project)),
    run: (call: Call, project: JsonValue) => list(call.store, rowId(project)),
  });
}

function single(name: string): Procedure {
  return atomic({
    name,
    parameters: ["swimlane_id"],
    guard: viewer("swimlane"),
    touches: (call: Call, id: JsonValue) =>
      call.statements.read("board", call.store.swimlanes.find(id)?.project_id ?? 0),
    run: (call: Call, id: JsonValue) => call.store.swimlanes.find(id) ?? null,
  });
}

function ownSwimlane(call: Call, project: JsonValue, id: JsonValue): SwimlaneRow | undefined {
  const swimlane = call.store.swimlanes.find(id);
  return swimlane?.project_id === toInteger(project) ? swimlane : undefined;
}

/** Gives the active ones the positions 1, 2, 3 and so on. */
function renumber(store: Store, project: number): void {
  activeSwimlanes(store, project).forEach((swimlane, index) => {
    if (swimlane.position !== index + 1) store.swimlanes.replace({ ...swimlane, position: index + 1 });
  });
}

function isTaken(store: Store, project: number, name: string, except = 0): boolean {
  return store.swimlanes.of(project).some((swimlane) => swimlane.name === name && swimlane.id !== except);
}

function byPosition(left: SwimlaneRow, right: SwimlaneRow): number {
  return compareCells(left.position, right.position) || left.id - right.id;
}
