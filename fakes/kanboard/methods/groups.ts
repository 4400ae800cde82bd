import type { Footprint } from "../../../src/base/footprint.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { ServiceStep } from "../../../src/ports/service.ts";
import { administrators, manager } from "../authorization.ts";
import type { Answer, Call } from "../call.ts";
import { emptyUpdate } from "../failure.ts";
import { toText } from "../php.ts";
import { atomic, type Procedure } from "../procedure.ts";
import { compareText, rowId, textCell } from "../sqlite.ts";
import { everything, nextId, reading, writing } from "../statements.ts";

/** Groups of accounts. */
export const groupProcedures: readonly Procedure[] = [
  atomic({
    name: "getGroup",
    parameters: ["group_id"],
    guard: administrators,
    touches: readsGroups,
    run: (call: Call, id: JsonValue) => call.store.groups.find(id) ?? null,
  }),
  atomic({
    name: "getAllGroups",
    parameters: [],
    guard: administrators,
    touches: readsGroups,
    run: (call: Call) =>
      [...call.store.groups.all()]
        .toSorted((left, right) => compareText(left.name, right.name))
        .map(({ id, name, external_id }) => ({
          id,
          name,
          external_id,
          nb_users: call.store.groupMembers.count(id),
        })),
  }),
  atomic({
    name: "createGroup",
    parameters: ["name", ["external_id", ""]],
    guard: administrators,
    touches: (call: Call) => call.statements.change([writing("groups", 0), nextId("groups")]),
    run: (call: Call, name: JsonValue, externalId: JsonValue) => {
      const { groups } = call.store;
      if (name === null || isNameTaken(call, toText(name))) return false;
      const { id } = groups.insert({ id: groups.nextId, external_id: textCell(externalId), name: toText(name) });
      call.commit();
      return id;
    },
  }),
  atomic({
    name: "updateGroup",
    parameters: ["group_id", ["name", null], ["external_id", null]],
    guard: administrators,
    touches: (call: Call) => call.statements.change([writing("groups", 0)]),
    run: updateGroup,
  }),
  atomic({
    name: "removeGroup",
    parameters: ["group_id"],
    guard: administrators,
    touches: (call: Call, id: JsonValue) => writesMembersOf(call, id),
    run: (call: Call, id: JsonValue) => {
      const group = call.store.groups.find(id);
      if (group === undefined) return false;
      call.store.removeGroup(group.id);
      call.commit();
      return true;
    },
  }),
];

/** Who is in which group. */
export const groupMemberProcedures: readonly Procedure[] = [
  atomic({
    name: "getMemberGroups",
    parameters: ["user_id"],
    guard: administrators,
    touches: readsGroups,
    run: (call: Call, user: JsonValue) =>
      call.store
        .groupsOf(rowId(user))
        .map((id) => call.store.groups.find(id)!)
        .toSorted((left, right) => compareText(left.name, right.name)),
  }),
  atomic({
    name: "getGroupMembers",
    parameters: ["group_id"],
    guard: administrators,
    touches: () => everything,
    run: (call: Call, group: JsonValue) =>
      call.store.groupMembers
        .of(rowId(group))
        .toSorted((left, right) => left.user_id - right.user_id)
        .map(({ group_id, user_id }): JsonObject => ({ group_id, user_id, ...call.store.users.find(user_id)! })),
  }),
  atomic({
    name: "addGroupMember",
    parameters: ["group_id", "user_id"],
    guard: administrators,
    touches: (call: Call, group: JsonValue) => writesMembersOf(call, group),
    run: (call: Call, of: JsonValue, id: JsonValue) => {
      const { store } = call;
      const [group, user] = [store.groups.find(of), store.users.find(id)];
      if (group === undefined || user === undefined || store.isGroupMember(group.id, user.id)) return false;
      store.groupMembers.insert({ id: store.groupMembers.nextId, group_id: group.id, user_id: user.id });
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "removeGroupMember",
    parameters: ["group_id", "user_id"],
    guard: administrators,
    touches: (call: Call, group: JsonValue) => writesMembersOf(call, group),
    run: (call: Call, group: JsonValue, user: JsonValue) => {
      const found = call.store.groupMembers.of(rowId(group)).find((member) => member.user_id === rowId(user));
      if (found === undefined) return false;
      call.store.groupMembers.remove(found.id);
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "isGroupMember",
    parameters: ["group_id", "user_id"],
    guard: administrators,
    touches: readsGroups,
    run: (call: Call, group: JsonValue, user: JsonValue) => call.store.isGroupMember(rowId(group), rowId(user)),
  }),
];

/** Which group belongs to which project, and as what. */
export const projectGroupProcedures: readonly Procedure[] = [
  atomic({
    name: "addProjectGroup",
    parameters: ["project_id", "group_id", ["role", "project-member"]],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, of: JsonValue, id: JsonValue, role: JsonValue) => {
      const { store } = call;
      const [project, group] = [store.projects.find(of), store.groups.find(id)];
      if (project === undefined || group === undefined || role === null) return false;
      if (store.groupRoles.of(project.id).some((row) => row.group_id === group.id)) return false;
      store.groupRoles.insert({
        id: store.groupRoles.nextId,
        group_id: group.id,
        project_id: project.id,
        role: toText(role),
      });
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "removeProjectGroup",
    parameters: ["project_id", "group_id"],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, project: JsonValue, group: JsonValue) => {
      const found = call.store.groupRoles.of(rowId(project)).find((row) => row.group_id === rowId(group));
      if (found === undefined) return false;
      call.store.groupRoles.remove(found.id);
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "changeProjectGroupRole",
    parameters: ["project_id", "group_id", "role"],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, project: JsonValue, group: JsonValue, role: JsonValue) => {
      const found = call.store.groupRoles.of(rowId(project)).find((row) => row.group_id === rowId(group));
      if (found === undefined) return true;
      if (role === null) return false;
      call.store.groupRoles.replace({ ...found, role: toText(role) });
      call.commit();
      return true;
    },
  }),
];

function updateGroup(call: Call, id: JsonValue, name: JsonValue, externalId: JsonValue): Answer {
  if (name === null && externalId === null) return emptyUpdate;
  const group = call.store.groups.find(id);
  if (group === undefined) return true;
  if (name !== null && isNameTaken(call, toText(name), group.id)) return false;
  call.store.groups.replace({
    ...group,
    ...(name === null ? {} : { name: toText(name) }),
    ...(externalId === null ? {} : { external_id: toText(externalId) }),
  });
  call.commit();
  return true;
}

/** Exact: `Team` and `team` are two groups. */
function isNameTaken(call: Call, name: string, except = 0): boolean {
  for (const group of call.store.groups.all()) if (group.name === name && group.id !== except) return true;
  return false;
}

/** The roles in all its projects change with a group's members. */
function writesMembersOf(call: Call, group: JsonValue): ServiceStep {
  const boards: Footprint[] = [];
  for (const row of call.store.groupRoles.all()) {
    if (row.group_id === rowId(group)) boards.push(writing("board", row.project_id));
  }
  return call.statements.change([writing("groups", 0), nextId("groups"), ...boards]);
}

function readsGroups(call: Call): ServiceStep {
  return call.statements.reads([reading("groups", 0)]);
}
