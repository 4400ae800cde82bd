import { memberOf, type JsonObject, type JsonValue } from "../../../src/base/json.ts";
import { actionEvents, actionKinds, actionPrefix, actionsWithoutEvents, type ActionKind } from "../action-catalogue.ts";
import { manager } from "../authorization.ts";
import type { Answer, Call } from "../call.ts";
import { Failure, fatal } from "../failure.ts";
import { entries, looseEquals, toText } from "../php.ts";
import { atomic, type Procedure } from "../procedure.ts";
import { rowId } from "../sqlite.ts";
import { everything, noData } from "../statements.ts";
import { isGiven, isIntegerOrAbsent } from "../validation.ts";

/** Automatic actions: what a project does by itself when an event fires. They are kept and shown. */
export const actionProcedures: readonly Procedure[] = [
  atomic({
    name: "getAvailableActions",
    parameters: [],
    touches: () => noData,
    run: () =>
      Object.fromEntries(Object.entries(actionKinds).map(([name, kind]) => [actionPrefix + name, kind.description])),
  }),
  atomic({
    name: "getAvailableActionEvents",
    parameters: [],
    touches: () => noData,
    run: () => actionEvents,
  }),
  atomic({
    name: "getCompatibleActionEvents",
    parameters: ["action_name"],
    touches: () => noData,
    run: (_call: Call, name: JsonValue) => compatibleEvents(name),
  }),
  atomic({
    name: "getActions",
    parameters: ["project_id"],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("board", rowId(project)),
    run: (call: Call, project: JsonValue) =>
      call.store.actions.of(rowId(project)).map(({ params, ...row }): JsonObject => ({
        ...row,
        params: Object.keys(params).length === 0 ? [] : params,
      })),
  }),
  atomic({
    name: "createAction",
    parameters: ["project_id", "event_name", "action_name", "params[]"],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: createAction,
  }),
  atomic({
    name: "removeAction",
    parameters: ["action_id"],
    guard: manager("action"),
    touches: (call: Call, id: JsonValue) => {
      const action = call.store.actions.find(id);
      return action === undefined ? everything : call.statements.writeBoard(action.project_id);
    },
    run: (call: Call, id: JsonValue) => {
      const action = call.store.actions.find(id);
      if (action === undefined) return false;
      call.store.actions.remove(action.id);
      call.commit();
      return true;
    },
  }),
];

function createAction(call: Call, projectId: JsonValue, event: JsonValue, name: JsonValue, params: JsonValue): Answer {
  if (!isGiven(projectId) || !isIntegerOrAbsent(projectId) || !isGiven(event) || !isGiven(name)) return false;
  if (typeof name === "object") return fatal;
  const kind = kindNamed(toText(name));
  if (kind === undefined || !kind.events.some((known) => looseEquals(event, known))) return false;
  const given = new Map(entries(params));
  if (kind.parameters.some((parameter) => (given.get(parameter) ?? null) === null)) return false;
  if (given.size > kind.parameters.length) return false;
  const project = call.store.projects.find(projectId);
  if (project === undefined) return false;
  const action = call.store.actions.insert({
    id: call.store.actions.nextId,
    project_id: project.id,
    event_name: toText(event),
    action_name: toText(name),
    params: Object.fromEntries([...given].map(([parameter, value]) => [parameter, toText(value)])),
  });
  call.commit();
  return action.id;
}

function compatibleEvents(name: JsonValue): Answer {
  if (typeof name === "object" && name !== null) return fatal;
  const text = toText(name);
  const kind = kindNamed(text);
  if (kind === undefined && !actionsWithoutEvents.some((known) => actionPrefix + known === text)) {
    return new Failure("exception", `Automatic Action Not Found: ${text}`);
  }
  return Object.fromEntries(Object.entries(actionEvents).filter(([event]) => kind?.events.includes(event) === true));
}

function kindNamed(name: string): ActionKind | undefined {
  if (!name.startsWith(actionPrefix)) return undefined;
  return memberOf(actionKinds, name.slice(actionPrefix.length));
}
