import { Body } from "../../src/base/body.ts";
import type { Footprint } from "../../src/base/footprint.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import type { Call, Statementwise, Webhook } from "./call.ts";
import { difference, type PhpMap } from "./php.ts";
import { taskDetails } from "./task-shapes.ts";
import type { TaskRow } from "./rows.ts";
import { rowId } from "./sqlite.ts";
import { nextId, reading, writing, type CardResource } from "./statements.ts";
import type { ServiceStep } from "../../src/ports/service.ts";

/**
 * Events of a call, after its change is committed and before its answer: the project's date of modification, then the
 * webhook, one attempt, whose outcome nobody looks at, then the activity of the user. Without a webhook an event is no
 * statement of its own, since nothing could tell. An automatic action for the event is not modelled.
 */

export type TaskEventName =
  | "task.create"
  | "task.update"
  | "task.assignee_change"
  | "task.close"
  | "task.open"
  | "task.move.column"
  | "task.move.position"
  | "task.move.swimlane"
  | "task.move.project";

export interface TaskEvent {
  readonly name: TaskEventName;
  /** As the caller gave it: text stays text. */
  readonly taskId: JsonValue;
  /** New values, as given. */
  readonly changes?: PhpMap;
  /** What `changes` is compared with; the card as it is now unless given. */
  readonly before?: PhpMap;
  /** Repeated beside `task` in the event's data. */
  readonly values?: PhpMap;
}

export function* fireTaskEvent(call: Call, event: TaskEvent): Statementwise<void> {
  if (call.installation.webhook !== null) yield readsForEvent(call, "task", event.taskId, true);
  const task = call.store.tasks.find(event.taskId);
  if (task === undefined) return;
  touchProject(call, task.project_id);
  refuseActions(call, event.name, task);
  if (!isTold(call)) return;
  const details = taskDetails(call.store, task);
  const data: Record<string, JsonValue> = { task_id: event.taskId, task: details };
  if (event.changes !== undefined) {
    const changes = difference(event.changes, event.before ?? details);
    data["changes"] = changes;
    if ("date_modification" in changes) data["changes"] = without(changes, "date_modification");
  }
  yield* tell(call, event.name, { ...data, ...event.values }, task);
}

/** An event of something that hangs on a card. */
export interface CardEvent {
  readonly name: string;
  readonly resource: CardResource;
  readonly card: number;
  /** Whether the project's date of modification follows. */
  readonly touchesProject?: boolean;
}

/** @param build gives the event's own data when it fires, or undefined when the thing is gone */
export function* fireCardEvent(call: Call, event: CardEvent, build: () => JsonObject | undefined): Statementwise<void> {
  const { webhook } = call.installation;
  const { name, resource, card, touchesProject = false } = event;
  if (webhook !== null) yield readsForEvent(call, resource, card, touchesProject);
  const data = build();
  const task = call.store.tasks.find(card);
  if (data === undefined || task === undefined) return;
  if (touchesProject) touchProject(call, task.project_id);
  refuseActions(call, name, task);
  if (isTold(call)) yield* tell(call, name, { ...data, task: taskDetails(call.store, task) }, task);
}

/** What an event tells: the thing itself, its card's row and the names around it. */
function readsForEvent(call: Call, resource: CardResource, card: JsonValue, touchesProject: boolean): ServiceStep {
  const id = rowId(card);
  const project = call.projectOf(card);
  const touches = (): Footprint[] => [reading(resource, id), reading("task", id), reading("board", project)];
  return touchesProject
    ? call.statements.change(() => [...touches(), writing("project", project)])
    : call.statements.reads(touches);
}

function touchProject(call: Call, id: number): void {
  const project = call.store.projects.find(id);
  if (project === undefined) return;
  const now = call.nowS();
  call.commit();
  if (project.last_modified !== now) call.store.projects.replace({ ...project, last_modified: now });
}

/** Whether anybody hears of an event: a webhook, or the activity of a user. */
function isTold(call: Call): boolean {
  return call.installation.webhook !== null || call.user !== undefined;
}

function* tell(call: Call, name: string, data: JsonObject, task: TaskRow): Statementwise<void> {
  const { webhook } = call.installation;
  if (webhook !== null) yield* post(call, webhook, name, data, task);
  if (call.user === undefined) return;
  if (webhook !== null) yield call.statements.change([nextId("activities")]);
  const { store } = call;
  if (store.tasks.find(task.id) === undefined || store.projects.find(task.project_id) === undefined) return;
  store.activities.insert({
    id: store.activities.nextId,
    date_creation: call.nowS(),
    event_name: name,
    creator_id: call.userId,
    project_id: task.project_id,
    task_id: task.id,
    data,
  });
  call.commit();
}

/** Listeners hear of a creation and of a change by a third name, too. */
function refuseActions(call: Call, event: string, task: TaskRow): void {
  if (!call.store.actions.hasAny(task.project_id)) return;
  const names = event === "task.create" || event === "task.update" ? ["task.create_update", event] : [event];
  for (const action of call.store.actions.of(task.project_id)) {
    if (!names.includes(action.event_name)) continue;
    call.context.unmodelled({ method: action.action_name, args: [event, task.id], file: "fakes/kanboard/events.ts" });
  }
}

function* post(call: Call, webhook: Webhook, name: string, data: JsonObject, task: TaskRow): Statementwise<void> {
  yield {
    kind: "request",
    request: {
      method: "POST",
      url: `${webhook.url}${webhook.url.includes("?") ? "&" : "?"}token=${webhook.token}`,
      headers: { "content-type": "application/json", "user-agent": "Kanboard", accept: "*/*" },
      body: Body.ofJson({ event_name: name, event_data: data, event_author: call.user?.username ?? null }),
      timeoutMs: webhook.timeLimitMs,
      name: `webhook.${name}`,
      key: task.reference === null || task.reference === "" ? task.title : task.reference,
    },
  };
}

function without(map: PhpMap | readonly JsonValue[], key: string): PhpMap | readonly JsonValue[] {
  const rest = Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
  return Object.keys(rest).length === 0 ? [] : rest;
}
