import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import type { CustomField as BoardCustomField } from "../../fakes/kanboard/methods/custom-fields.ts";
import type { JsonObject, JsonValue } from "../base/json.ts";
import {
  ScenarioMistake,
  type BoardSettings,
  type CardSettings,
  type CustomField,
  type ProjectSettings,
} from "./scenario-file.ts";

export const defaultApiToken = "stormlane";
const webhookTimeLimitMs = 10_000;

/**
 * A board as its settings say, from a fresh installation. Everything is set up as the application token does it, at one
 * moment and without webhooks.
 *
 * @param origin where it is served, without a slash at the end
 * @throws ScenarioMistake when the server would refuse a part of it
 */
export function setUpBoard(settings: BoardSettings, origin: string, nowMs: number): Kanboard {
  const board = new Kanboard({
    origin,
    apiToken: settings.apiToken ?? defaultApiToken,
    webhook: webhookOf(settings),
  });
  const setUp = new BoardSetup(board, nowMs);
  for (const user of settings.users ?? []) {
    setUp.call(`user ${user.username}`, "createUser", { ...user });
  }
  for (const project of settings.projects ?? []) setUp.project(project);
  board.setCustomFields(settings.customFields?.map((field) => setUp.customField(field)));
  return board;
}

function webhookOf({ webhook, privateNetworks = true }: BoardSettings): {
  readonly url: string;
  readonly token: string;
  readonly timeLimitMs: number;
} | null {
  // Kanboard refuses such a target at each event and says nothing: as if there were none.
  if (webhook === null || webhook === undefined || (!privateNetworks && isPrivate(webhook.url))) return null;
  return { url: webhook.url, token: webhook.token ?? "", timeLimitMs: webhook.timeLimitMs ?? webhookTimeLimitMs };
}

function isPrivate(url: string): boolean {
  const { hostname } = new URL(url);
  return (
    hostname === "localhost" ||
    /^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(hostname) ||
    /^\[(::1|f[cd]|fe80)/.test(hostname)
  );
}

class BoardSetup {
  private readonly board: Kanboard;
  private readonly nowMs: number;

  constructor(board: Kanboard, nowMs: number) {
    this.board = board;
    this.nowMs = nowMs;
  }

  /** @param what what it is for, for messages */
  call(what: string, method: string, params: JsonObject): JsonValue {
    const result = this.board.seed(method, params, this.nowMs);
    // The server's refusals; it never says why.
    if (result === false || result === 0) {
      const why = `Kanboard refuses ${method} with ${JSON.stringify(params)}`;
      throw new ScenarioMistake({
        what: `board: ${what}`,
        why,
        fix: "names must be new, and what they refer to be there",
      });
    }
    return result;
  }

  project(settings: ProjectSettings): void {
    const {
      name,
      identifier,
      description,
      columns,
      swimlanes = [],
      categories = [],
      members = {},
      cards = [],
    } = settings;
    const what = `project ${name}`;
    const given = {
      ...(identifier === undefined ? {} : { identifier }),
      ...(description === undefined ? {} : { description }),
    };
    const project = this.call(what, "createProject", { name, ...given }) as number;
    if (columns !== undefined) this.columns(what, project, columns);
    for (const swimlane of swimlanes) this.call(what, "addSwimlane", { project_id: project, name: swimlane });
    for (const category of categories) this.call(what, "createCategory", { project_id: project, name: category });
    for (const [username, role] of Object.entries(members)) {
      this.call(what, "addProjectUser", { project_id: project, user_id: this.user(what, username), role });
    }
    for (const card of cards) this.card(`${what}: card ${card.title}`, project, card);
  }

  customField({ name, required = false, project }: CustomField): BoardCustomField {
    if (project === undefined) return { name, required };
    const found = this.board.seed("getProjectByName", { name: project }, this.nowMs) as { readonly id: number } | false;
    if (found !== false) return { name, required, project: found.id };
    throw new ScenarioMistake({
      what: `board: custom field ${name}`,
      why: `there is no project ${project}`,
      fix: "add it to board.projects",
    });
  }

  private columns(what: string, project: number, titles: readonly string[]): void {
    for (const { id } of this.call(what, "getColumns", { project_id: project }) as readonly { readonly id: number }[]) {
      this.call(what, "removeColumn", { column_id: id });
    }
    for (const title of titles) this.call(what, "addColumn", { project_id: project, title });
  }

  private card(what: string, project: number, card: CardSettings): void {
    const { title, reference, description, color, priority, tags, metadata, comments = [], subtasks = [] } = card;
    const task = this.call(what, "createTask", {
      title,
      project_id: project,
      ...without({ reference, description, color_id: color, priority, tags }),
      ...(card.column === undefined
        ? {}
        : { column_id: this.named(what, project, "getColumns", "title", card.column) }),
      ...(card.swimlane === undefined
        ? {}
        : { swimlane_id: this.named(what, project, "getAllSwimlanes", "name", card.swimlane) }),
      ...(card.category === undefined
        ? {}
        : { category_id: this.named(what, project, "getAllCategories", "name", card.category) }),
      ...(card.owner === undefined ? {} : { owner_id: this.user(what, card.owner) }),
    }) as number;
    if (metadata !== undefined) this.call(what, "saveTaskMetadata", { task_id: task, values: metadata });
    for (const content of comments) this.call(what, "createComment", { task_id: task, user_id: adminId, content });
    for (const subtask of subtasks) this.call(what, "createSubtask", { task_id: task, title: subtask });
    if (card.closed === true) this.call(what, "closeTask", { task_id: task });
  }

  private user(what: string, username: string): number {
    const user = this.call(what, "getUserByName", { username }) as { readonly id: number } | null;
    if (user !== null) return user.id;
    throw new ScenarioMistake({
      what: `board: ${what}`,
      why: `there is no user ${username}`,
      fix: "add it to board.users",
    });
  }

  private named(what: string, project: number, method: string, member: string, name: string): number {
    const rows = this.call(what, method, { project_id: project }) as readonly (JsonObject & { readonly id: number })[];
    const row = rows.find((each) => each[member] === name);
    if (row !== undefined) return row.id;
    const why = `there is no ${name} among ${rows.map((each) => each[member] as string).join(", ") || "none"}`;
    throw new ScenarioMistake({ what: `board: ${what}`, why, fix: "name one of the project" });
  }
}

/** Of every fresh installation. */
const adminId = 1;

function without(members: { readonly [name: string]: JsonValue | undefined }): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
