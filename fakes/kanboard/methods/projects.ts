import { hash } from "node:crypto";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { administrators, manager, mayAct, usersOnly, viewer, type Guard } from "../authorization.ts";
import type { Answer, Call, Statementwise } from "../call.ts";
import { forbidden } from "../failure.ts";
import { isoDate, timestampOf } from "../dates.ts";
import { isEmpty, toInteger, toText } from "../php.ts";
import { atomic, statementwise, type Procedure } from "../procedure.ts";
import type { ProjectRow } from "../rows.ts";
import { compareText, numberCell, rowId, textCell } from "../sqlite.ts";
import { removeAll, type Store } from "../store.ts";
import { everything } from "../statements.ts";
import { fatalIfArray, fitsOrAbsent, isEmailOrAbsent, isGiven, isIntegerOrAbsent } from "../validation.ts";
import { addColumn } from "./columns.ts";
import { removeTaskFiles } from "./files.ts";
import { addSwimlane } from "./swimlanes.ts";

interface Settings {
  readonly name: JsonValue;
  readonly [field: string]: JsonValue | undefined;
}

/** The parameters that creation and change have in common, after the owner. */
const settings = [
  ["identifier", null],
  ["start_date", null],
  ["end_date", null],
  ["priority_default", null],
  ["priority_start", null],
  ["priority_end", null],
  ["email", null],
] as const;

export const projectProcedures: readonly Procedure[] = [
  atomic({
    name: "getProjectById",
    parameters: ["project_id"],
    guard: viewer("project"),
    touches: (call: Call, id: JsonValue) => call.statements.read("project", rowId(id)),
    run: (call: Call, id: JsonValue) => {
      const project = call.store.projects.find(id);
      return project === undefined ? null : projectShape(call, project);
    },
  }),
  lookUp("getProjectByName", "name", (project, name) => project.name === name),
  lookUp(
    "getProjectByIdentifier",
    "identifier",
    (project, identifier) => project.identifier === identifier.toUpperCase(),
  ),
  lookUp("getProjectByEmail", "email", (project, email) => project.email === email),
  atomic({
    name: "getAllProjects",
    parameters: [],
    guard: administrators,
    touches: () => everything,
    run: (call: Call) => byName([...call.store.projects.all()]).map((project) => projectShape(call, project)),
  }),
  atomic({
    name: "createProject",
    parameters: ["name", ["description", null], ["owner_id", 0], ...settings],
    guard: { application: "app-manager" },
    touches: (call: Call) => call.statements.writeBoard(call.store.projects.nextId),
    run: (call: Call, name: JsonValue, description: JsonValue, owner: JsonValue, ...given: readonly JsonValue[]) => {
      const isOwn = owner === 0 && call.user !== undefined;
      return createProject(call, { name, description, ...settingsOf(given) }, isOwn ? call.userId : owner);
    },
  }),
  atomic({
    name: "createMyPrivateProject",
    parameters: ["name", ["description", null]],
    guard: usersOnly,
    touches: (call: Call) => call.statements.writeBoard(call.store.projects.nextId),
    run: (call: Call, name: JsonValue, description: JsonValue) =>
      createProject(call, { name, description, is_private: 1 }, call.userId),
  }),
  atomic({
    name: "updateProject",
    parameters: ["project_id", ["name", null], ["description", null], ["owner_id", null], ...settings],
    guard: manager("project"),
    touches: (call: Call, id: JsonValue) => call.statements.writeProject(rowId(id)),
    run: updateProject,
  }),
  statementwise({
    name: "removeProject",
    parameters: ["project_id"],
    guard: manager("project"),
    run: removeProject,
  }),
  change("enableProject", () => ({ is_active: 1 })),
  change("disableProject", () => ({ is_active: 0 })),
  change("enableProjectPublicAccess", (project) => ({ is_public: 1, token: publicToken(project) })),
  change("disableProjectPublicAccess", () => ({ is_public: 0, token: "" })),
];

/** A project as the API shows it: its row and its pages. */
export function projectShape(call: Call, project: ProjectRow): JsonObject {
  const base = call.installation.baseUrl;
  return call.store.projects.view(project, (row) => {
    const pages = {
      board: `${base}?controller=BoardViewController&action=show&project_id=${row.id}`,
      list: `${base}?controller=TaskListController&action=show&project_id=${row.id}`,
    };
    if (row.is_public !== 1 || isEmpty(row.token)) return { ...row, url: pages };
    const url = {
      ...pages,
      public_board: `${base}?controller=BoardViewController&action=readonly&token=${row.token}`,
      rss_feed: `${base}?controller=FeedController&action=project&token=${row.token}`,
      ical_feed: `${base}?controller=ICalendarController&action=project&token=${row.token}`,
    };
    return { ...row, url };
  });
}

/** By name, in byte order; equal names by id. */
export function byName(projects: readonly ProjectRow[]): ProjectRow[] {
  return projects.toSorted((left, right) => compareText(left.name, right.name) || left.id - right.id);
}

/** With the four usual columns and a swimlane. A user who creates one manages it. */
function createProject(call: Call, given: Settings, owner: JsonValue): Answer {
  const { store } = call;
  const failure = fatalIfArray(given.name, given.identifier, given.email);
  if (failure !== undefined) return failure;
  if (!isGiven(given.name) || !areValid(store, given)) return false;
  const owning = store.users.find(owner);
  if (!isEmpty(owner) && owning === undefined) return false;
  const project: ProjectRow = {
    ...projectDefaults,
    ...cellsOf(given),
    id: store.projects.nextId,
    name: toText(given.name),
    last_modified: call.nowS(),
    is_private: isEmpty(given["is_private"]) ? 0 : 1,
    owner_id: numberCell(owner),
  };
  store.projects.insert(project);
  call.commit();
  for (const title of ["Backlog", "Ready", "Work in progress", "Done"]) addColumn(call, project.id, title, 0, "");
  addSwimlane(call, project.id, "Default swimlane", "");
  if (call.user !== undefined && owning !== undefined) {
    store.memberships.insert({
      id: store.memberships.nextId,
      project_id: project.id,
      user_id: owning.id,
      role: "project-manager",
    });
  }
  return project.id;
}

function updateProject(
  call: Call,
  id: JsonValue,
  name: JsonValue,
  description: JsonValue,
  owner: JsonValue,
  ...rest: readonly JsonValue[]
): Answer {
  const { store } = call;
  const given: Settings = { name, description, ...settingsOf(rest) };
  const failure = fatalIfArray(name, given.identifier, given.email);
  if (failure !== undefined) return failure;
  if (name === "" || !isGiven(id) || !isIntegerOrAbsent(id) || !areValid(store, given, rowId(id))) return false;
  if (!isEmpty(owner) && store.users.find(owner) === undefined) return false;
  const project = store.projects.find(id);
  if (project === undefined) return false;
  const dates: Partial<ProjectRow> = {};
  for (const field of ["start_date", "end_date"] as const) {
    if (!isEmpty(given[field]))
      Object.assign(dates, { [field]: isoDate(timestampOf(toText(given[field]), call.nowS())) });
  }
  store.projects.replace({
    ...project,
    ...cellsOf(given),
    ...dates,
    ...(name === null ? {} : { name: toText(name) }),
    ...(owner === null ? {} : { owner_id: numberCell(owner) }),
    per_swimlane_task_limits: 0,
  });
  call.commit();
  return true;
}

/** Files first, each with its event; then everything that hangs on the project. */
function* removeProject(call: Call, id: JsonValue): Statementwise {
  const { store } = call;
  yield call.statements.readOverview(rowId(id));
  removeAll(store.projectFiles, rowId(id));
  for (const card of store.tasks.of(rowId(id))) yield* removeTaskFiles(call, card.id);
  yield call.statements.writeBoard(rowId(id));
  for (const tag of store.tags.of(rowId(id))) store.removeTag(tag);
  const project = store.projects.find(id);
  if (project === undefined) return false;
  for (const card of store.removeProject(project.id)) call.record({ store: "board", type: "card.removed", card });
  call.commit();
  return true;
}

function lookUp(name: string, argument: string, isWanted: (project: ProjectRow, value: string) => boolean): Procedure {
  const guard: Guard = viewer("project");
  return atomic({
    name,
    parameters: [argument],
    touches: () => everything,
    run: (call: Call, value: JsonValue) => {
      if (value === null || (argument !== "name" && isEmpty(value))) return false;
      for (const project of call.store.projects.all()) {
        if (!isWanted(project, toText(value))) continue;
        return mayAct(guard, call, [project.id]) ? projectShape(call, project) : forbidden;
      }
      return false;
    },
  });
}

function change(name: string, changes: (project: ProjectRow) => Partial<ProjectRow>): Procedure {
  return atomic({
    name,
    parameters: ["project_id"],
    guard: manager("project"),
    touches: (call: Call, id: JsonValue) => call.statements.writeProject(rowId(id)),
    run: (call: Call, id: JsonValue) => {
      const project = call.store.projects.find(id);
      if (project === undefined) return false;
      call.store.projects.replace({ ...project, ...changes(project) });
      call.commit();
      return true;
    },
  });
}

/** 60 hexadecimal digits, other ones at each time. */
function publicToken(project: ProjectRow): string {
  return hash("sha256", `project ${project.id} ${project.last_modified}`).slice(0, 60);
}

function settingsOf(given: readonly JsonValue[]): Record<string, JsonValue> {
  return Object.fromEntries(settings.map(([name], index) => [name, given[index]!]));
}

/** What is given, as the row stores it. */
function cellsOf(given: Settings): Partial<ProjectRow> {
  const cells: Record<string, string | number | null> = {};
  for (const field of ["description", "start_date", "end_date", "email"]) {
    if (given[field] !== null && given[field] !== undefined) cells[field] = textCell(given[field]);
  }
  if (given["identifier"] !== null && given["identifier"] !== undefined) {
    cells["identifier"] = toText(given["identifier"]).toUpperCase();
  }
  for (const field of ["priority_default", "priority_start", "priority_end"]) {
    if (given[field] !== null && given[field] !== undefined) cells[field] = toInteger(given[field]);
  }
  return cells;
}

function areValid(store: Store, given: Settings, except = 0): boolean {
  const identifier = given["identifier"];
  const isUnique = (field: "identifier" | "email", value: JsonValue | undefined): boolean =>
    !isGiven(value) ||
    ![...store.projects.all()].some((other) => other[field] === toText(value) && other.id !== except);
  return (
    isIntegerOrAbsent(given["priority_default"]) &&
    isIntegerOrAbsent(given["priority_start"]) &&
    isIntegerOrAbsent(given["priority_end"]) &&
    fitsOrAbsent(given.name, 65_535) &&
    fitsOrAbsent(identifier, 50) &&
    fitsOrAbsent(given["start_date"], 10) &&
    fitsOrAbsent(given["end_date"], 10) &&
    (!isGiven(identifier) || /^[A-Za-z0-9]+$/.test(toText(identifier))) &&
    isUnique("identifier", isGiven(identifier) ? toText(identifier).toUpperCase() : null) &&
    isEmailOrAbsent(given["email"]) &&
    isUnique("email", given["email"])
  );
}

const projectDefaults = {
  is_active: 1,
  token: "",
  is_public: 0,
  is_everybody_allowed: 0,
  default_swimlane: "Default swimlane",
  show_default_swimlane: 1,
  description: null,
  identifier: "",
  start_date: "",
  end_date: "",
  priority_default: 0,
  priority_start: 0,
  priority_end: 3,
  email: null,
  predefined_email_subjects: null,
  per_swimlane_task_limits: 0,
  task_limit: 0,
  enable_global_tags: 1,
} as const;
