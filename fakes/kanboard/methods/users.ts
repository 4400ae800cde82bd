import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { administrators, manager, usersOnly, viewer } from "../authorization.ts";
import type { Answer, Call } from "../call.ts";
import { emptyUpdate, Failure, fatal } from "../failure.ts";
import { isEmpty, looseEquals, toText, trim } from "../php.ts";
import { atomic, type Procedure } from "../procedure.ts";
import type { UserRow } from "../rows.ts";
import { compareText, rowId, textCell } from "../sqlite.ts";
import { userDefaults, type Store } from "../store.ts";
import { everything, nextId, noData, writing } from "../statements.ts";
import { fatalIfArray, fitsOrAbsent, isEmailOrAbsent, isGiven } from "../validation.ts";
import { byName, projectShape } from "./projects.ts";

/** Accounts. */
export const userProcedures: readonly Procedure[] = [
  atomic({
    name: "getUser",
    parameters: ["user_id"],
    guard: administrators,
    touches: (call: Call, id: JsonValue) => call.statements.read("user", rowId(id)),
    run: (call: Call, id: JsonValue) => call.store.users.find(id) ?? null,
  }),
  atomic({
    name: "getUserByName",
    parameters: ["username"],
    guard: administrators,
    touches: () => everything,
    run: (call: Call, name: JsonValue) => call.store.userNamed(toText(name)) ?? null,
  }),
  atomic({
    name: "getAllUsers",
    parameters: [],
    guard: administrators,
    touches: () => everything,
    run: (call: Call) =>
      [...call.store.users.all()].toSorted((left, right) => compareText(left.username, right.username)),
  }),
  atomic({
    name: "createUser",
    parameters: ["username", "password", ["name", ""], ["email", ""], ["role", "app-user"]],
    guard: administrators,
    touches: (call: Call) => call.statements.change([writing("user", call.store.users.nextId), nextId("user")]),
    run: (call: Call, username: JsonValue, password: JsonValue, name: JsonValue, email: JsonValue, role: JsonValue) => {
      const failure = fatalIfArray(username, password, email);
      if (failure !== undefined) return failure;
      if (!isGiven(username) || !isGiven(password) || [...toText(password)].length < passwordLengthMin) return false;
      if (!areValid(call.store, { username, email, role })) return false;
      // The rule looks at the name as given, the database at what is stored.
      if (call.store.userNamed(trim(toText(username))) !== undefined) return false;
      const id = call.store.users.nextId;
      call.store.insertUser(
        {
          ...userDefaults,
          id,
          username: trim(toText(username)),
          name: textCell(name),
          email: textCell(email),
          role: toText(role),
        },
        toText(password),
      );
      call.commit();
      return id;
    },
  }),
  atomic({
    name: "createLdapUser",
    parameters: ["username"],
    guard: administrators,
    touches: () => noData,
    run: () => new Failure("exception", "LDAP server not configured, check the parameter LDAP_SERVER"),
  }),
  atomic({
    name: "updateUser",
    parameters: ["id", ["username", null], ["name", null], ["email", null], ["role", null]],
    guard: administrators,
    touches: (call: Call, id: JsonValue) => call.statements.change([writing("user", rowId(id))]),
    run: (call: Call, id: JsonValue, username: JsonValue, name: JsonValue, email: JsonValue, role: JsonValue) => {
      const failure = fatalIfArray(username, email);
      if (failure !== undefined) return failure;
      if (!isGiven(id) || !areValid(call.store, { username, email, role }, rowId(id))) return false;
      if ([username, name, email, role].every((value) => value === null)) return emptyUpdate;
      const user = call.store.users.find(id);
      // The token's own session is that of the user 0, whom it then looks for.
      if (user === undefined) return looseEquals(id, call.userId) ? fatal : true;
      const taken = username === null ? undefined : call.store.userNamed(trim(toText(username)));
      if (taken !== undefined && taken.id !== user.id) return false;
      call.store.users.replace({
        ...user,
        ...(username === null ? {} : { username: trim(toText(username)) }),
        ...(name === null ? {} : { name: toText(name) }),
        ...(email === null ? {} : { email: toText(email) }),
        ...(role === null ? {} : { role: toText(role) }),
      });
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "removeUser",
    parameters: ["user_id"],
    guard: administrators,
    touches: () => everything,
    run: removeUser,
  }),
  atomic({
    name: "disableUser",
    parameters: ["user_id"],
    guard: administrators,
    touches: (call: Call, id: JsonValue) => call.statements.change([writing("user", rowId(id))]),
    run: (call: Call, id: JsonValue) => {
      const { store } = call;
      const user = store.users.find(id);
      if (user === undefined) return true;
      store.users.replace({ ...user, is_active: 0, token: "" });
      for (const project of [...store.projects.all()]) {
        if (project.is_private === 1 && project.owner_id === user.id)
          store.projects.replace({ ...project, is_active: 0 });
      }
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "enableUser",
    parameters: ["user_id"],
    guard: administrators,
    touches: (call: Call, id: JsonValue) => call.statements.change([writing("user", rowId(id))]),
    run: (call: Call, id: JsonValue) => {
      const user = call.store.users.find(id);
      if (user !== undefined) call.store.users.replace({ ...user, is_active: 1 });
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "isActiveUser",
    parameters: ["user_id"],
    guard: administrators,
    touches: (call: Call, id: JsonValue) => call.statements.read("user", rowId(id)),
    run: (call: Call, id: JsonValue) => call.store.users.find(id)?.is_active === 1,
  }),
];

/** Who belongs to which project, and as what. */
export const membershipProcedures: readonly Procedure[] = [
  atomic({
    name: "getProjectUsers",
    parameters: ["project_id"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("board", rowId(project)),
    run: (call: Call, project: JsonValue) => {
      const users = names([...membersOf(call, project), ...groupMembersOf(call, project)]);
      // A group without members joins nobody.
      return hasEmptyGroup(call, project) ? { "": null, ...users } : users;
    },
  }),
  atomic({
    name: "getAssignableUsers",
    parameters: ["project_id", ["prepend_unassigned", false]],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("board", rowId(project)),
    run: (call: Call, project: JsonValue, withUnassigned: JsonValue) => {
      const others = (role: string): boolean => role !== "project-viewer";
      const members = [...membersOf(call, project, others), ...groupMembersOf(call, project, others)].filter(
        ({ is_active }) => is_active === 1,
      );
      return isEmpty(withUnassigned) ? names(members) : { 0: "Unassigned", ...names(members) };
    },
  }),
  atomic({
    name: "addProjectUser",
    parameters: ["project_id", "user_id", ["role", "project-member"]],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, of: JsonValue, id: JsonValue, role: JsonValue) => {
      const { store } = call;
      const [project, user] = [store.projects.find(of), store.users.find(id)];
      if (project === undefined || user === undefined || role === null) return false;
      if (store.memberships.of(project.id).some((membership) => membership.user_id === user.id)) return false;
      store.memberships.insert({
        id: store.memberships.nextId,
        project_id: project.id,
        user_id: user.id,
        role: toText(role),
      });
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "removeProjectUser",
    parameters: ["project_id", "user_id"],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, project: JsonValue, user: JsonValue) => {
      const found = call.store.memberships.of(rowId(project)).find((membership) => membership.user_id === rowId(user));
      if (found === undefined) return false;
      call.store.memberships.remove(found.id);
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "changeProjectUserRole",
    parameters: ["project_id", "user_id", "role"],
    guard: manager("project"),
    touches: (call: Call, project: JsonValue) => call.statements.writeBoard(rowId(project)),
    run: (call: Call, project: JsonValue, user: JsonValue, role: JsonValue) => {
      const found = call.store.memberships.of(rowId(project)).find((membership) => membership.user_id === rowId(user));
      if (found === undefined) return true;
      if (role === null) return false;
      call.store.memberships.replace({ ...found, role: toText(role) });
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "getProjectUserRole",
    parameters: ["project_id", "user_id"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("board", rowId(project)),
    run: (call: Call, project: JsonValue, user: JsonValue) => call.store.roleOf(rowId(project), rowId(user)),
  }),
];

/** What a user asks about themselves. */
export const ownProcedures: readonly Procedure[] = [
  atomic({
    name: "getMe",
    parameters: [],
    guard: usersOnly,
    touches: (call: Call) => call.statements.read("user", call.userId),
    run: (call: Call) => (call.user === undefined ? null : sessionShape(call.user)),
  }),
  atomic({
    name: "getMyProjects",
    parameters: [],
    guard: usersOnly,
    touches: () => everything,
    run: (call: Call) =>
      byName(ownProjects(call))
        .filter((project) => project.is_active === 1)
        .map((project) => projectShape(call, project)),
  }),
  atomic({
    name: "getMyProjectsList",
    parameters: [],
    guard: usersOnly,
    touches: () => everything,
    run: (call: Call) => Object.fromEntries(ownProjects(call).map(({ id, name }) => [id, name])),
  }),
];

/** A member may be assigned unless the role is viewer or the account is off. */
export function isAssignable(store: Store, project: JsonValue, user: JsonValue): boolean {
  const found = store.users.find(user);
  if (found?.is_active !== 1) return false;
  const role = store.roleOf(rowId(project), found.id);
  return role !== "" && role !== "project-viewer";
}

/** Projects where the user is a member, by id. */
function ownProjects(call: Call): ReturnType<typeof byName> {
  return [...call.store.projects.all()].filter((project) => call.store.isInProject(project.id, call.userId));
}

/** Of who is gone already, too: no key of the database keeps these together. */
function unassignAll(call: Call, id: number): void {
  const { store } = call;
  for (const card of store.cards.owner.ids(id)) store.updateTask(store.tasks.find(card)!, { owner_id: 0 });
  for (const subtask of [...store.subtasks.all()]) {
    if (subtask.user_id === id) store.subtasks.replace({ ...subtask, user_id: 0 });
  }
  for (const comment of [...store.comments.all()]) {
    if (comment.user_id === id) store.comments.replace({ ...comment, user_id: 0 });
  }
  call.commit();
}

function removeUser(call: Call, id: JsonValue): Answer {
  const { store } = call;
  unassignAll(call, rowId(id));
  const user = store.users.find(id);
  if (user === undefined) return false;
  for (const activity of [...store.activities.all()]) {
    if (activity.creator_id === user.id) store.activities.remove(activity.id);
  }
  for (const member of [...store.groupMembers.all()]) {
    if (member.user_id === user.id) store.groupMembers.remove(member.id);
  }
  for (const timer of [...store.timers.all()]) if (timer.user_id === user.id) store.timers.remove(timer.id);
  for (const membership of [...store.memberships.all()]) {
    if (membership.user_id !== user.id) continue;
    if (store.projects.find(membership.project_id)?.is_private === 1) store.removeProject(membership.project_id);
    else store.memberships.remove(membership.id);
  }
  store.users.remove(user.id);
  call.commit();
  return true;
}

type RoleFilter = (role: string) => boolean;

function membersOf(call: Call, project: JsonValue, isWanted: RoleFilter = () => true): UserRow[] {
  return call.store.memberships
    .of(rowId(project))
    .filter(({ role }) => isWanted(role))
    .map((membership) => call.store.users.find(membership.user_id)!);
}

function groupMembersOf(call: Call, project: JsonValue, isWanted: RoleFilter = () => true): UserRow[] {
  return call.store.groupRoles
    .of(rowId(project))
    .filter(({ role }) => isWanted(role))
    .flatMap((row) => call.store.groupMembers.of(row.group_id))
    .map((member) => call.store.users.find(member.user_id)!);
}

function hasEmptyGroup(call: Call, project: JsonValue): boolean {
  return call.store.groupRoles.of(rowId(project)).some((row) => !call.store.groupMembers.hasAny(row.group_id));
}

/** Full name, else user name, by id. */
function names(users: readonly UserRow[]): JsonObject {
  return Object.fromEntries(users.map(({ id, name, username }) => [id, isEmpty(name) ? username : name!]));
}

function sessionShape(user: UserRow): JsonObject {
  const { password: _, is_admin: __, is_project_admin: ___, ...shown } = user;
  return { ...shown, is_ldap_user: user.is_ldap_user === 1, twofactor_activated: user.twofactor_activated === 1 };
}

function areValid(
  store: Store,
  given: { username: JsonValue; email: JsonValue; role: JsonValue },
  except = 0,
): boolean {
  const { username, email, role } = given;
  const taken = isGiven(username) ? store.userNamed(toText(username)) : undefined;
  return (
    fitsOrAbsent(username, 191) &&
    (taken === undefined || taken.id === except) &&
    isEmailOrAbsent(email) &&
    (!isGiven(role) || applicationRoles.some((known) => looseEquals(role, known)))
  );
}

const applicationRoles: readonly string[] = ["app-admin", "app-manager", "app-user"];
const passwordLengthMin = 6;
