import type { JsonValue } from "../../src/base/json.ts";
import type { Call } from "./call.ts";
import { isEmpty } from "./php.ts";
import type { Store } from "./store.ts";

/** Which users may call a procedure. */
export interface Guard {
  /** Not for the application token, which nobody is behind. */
  readonly isForUsersOnly?: boolean;
  /** The least application role; any that there is without it. */
  readonly application?: "app-manager" | "app-admin";
  /** The caller's role in each of these projects must suffice. Judged in order. */
  readonly projects?: readonly ProjectRule[];
}

/** The argument at `argument` names a thing whose project counts. */
export interface ProjectRule {
  readonly of: ProjectLookup;
  readonly argument: number;
  readonly role: ProjectRole;
}

export type ProjectRole = "project-viewer" | "project-member" | "project-manager";

/**
 * Judged before the arguments are looked at.
 *
 * @param isExactName a procedure for users is kept from the token by its exact name alone
 */
export function mayCall(guard: Guard | undefined, call: Call, isExactName: boolean): boolean {
  if (call.user === undefined) return guard?.isForUsersOnly !== true || !isExactName;
  return rank(applicationRoles, call.user.role) >= rank(applicationRoles, guard?.application ?? "app-user");
}

/** Judged once the arguments are there. The token may do everything. */
export function mayAct(guard: Guard | undefined, call: Call, given: readonly JsonValue[]): boolean {
  const { user } = call;
  if (user === undefined || guard?.projects === undefined) return true;
  return guard.projects.every(({ of, argument, role }) => {
    const thing = given[argument] ?? null;
    const project = lookups[of](call.store, thing);
    if (project === undefined) return true;
    if (isEmpty(project)) return false;
    const held = call.store.roleOf(call.store.projects.find(project)?.id ?? 0, user.id);
    if (rank(projectRoles, held) < rank(projectRoles, role)) return false;
    return of !== "comment" || maySeeComment(call, thing);
  });
}

/** Comments are for application roles up from a given one. */
export function isVisibleTo(role: string, visibility: string): boolean {
  if (role === "app-manager") return visibility !== "app-admin";
  return role !== "app-user" || visibility === "app-user";
}

export function viewer(of: ProjectLookup, argument = 0): Guard {
  return { projects: [{ of, argument, role: "project-viewer" }] };
}

export function member(of: ProjectLookup, argument = 0): Guard {
  return { projects: [{ of, argument, role: "project-member" }] };
}

export function manager(of: ProjectLookup, argument = 0): Guard {
  return { projects: [{ of, argument, role: "project-manager" }] };
}

export const administrators: Guard = { application: "app-admin" };
export const usersOnly: Guard = { isForUsersOnly: true };

type ProjectLookup = keyof typeof lookups;

/** The project a thing belongs to: empty is refused, undefined is let pass. */
const lookups = {
  project: (_store: Store, id: JsonValue): JsonValue => id,
  task: (store: Store, id: JsonValue): JsonValue => taskProject(store, id),
  column: (store: Store, id: JsonValue): JsonValue => store.columns.find(id)?.project_id ?? 0,
  swimlane: (store: Store, id: JsonValue): JsonValue => store.swimlanes.find(id)?.project_id ?? 0,
  action: (store: Store, id: JsonValue): JsonValue => store.actions.find(id)?.project_id ?? 0,
  category: (store: Store, id: JsonValue): JsonValue => store.categories.find(id)?.project_id ?? 0,
  comment: (store: Store, id: JsonValue): JsonValue => taskProject(store, store.comments.find(id)?.task_id ?? 0),
  subtask: (store: Store, id: JsonValue): JsonValue => taskProject(store, store.subtasks.find(id)?.task_id ?? 0),
  taskFile: (store: Store, id: JsonValue): JsonValue => taskProject(store, store.taskFiles.find(id)?.task_id ?? 0),
  taskLink: (store: Store, id: JsonValue): JsonValue => taskProject(store, store.taskLinks.find(id)?.task_id ?? 0),
  /** An unknown tag passes; a global one is refused. */
  tag: (store: Store, id: JsonValue): JsonValue | undefined => store.tags.find(id)?.project_id,
} as const;

function taskProject(store: Store, id: JsonValue): number {
  return store.tasks.find(id)?.project_id ?? 0;
}

function maySeeComment(call: Call, id: JsonValue): boolean {
  if (isEmpty(id)) return false;
  return isVisibleTo(call.user!.role, call.store.comments.find(id)?.visibility ?? "app-user");
}

const applicationRoles: readonly string[] = ["app-user", "app-manager", "app-admin"];
const projectRoles: readonly string[] = ["project-viewer", "project-member", "project-manager"];

/** -1 for a role of any other name. */
function rank(roles: readonly string[], role: string): number {
  return roles.indexOf(role);
}
