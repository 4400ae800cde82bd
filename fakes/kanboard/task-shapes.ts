import type { JsonArray, JsonObject } from "../../src/base/json.ts";
import type { Call } from "./call.ts";
import { colorOf } from "./colors.ts";
import type { TaskRow } from "./rows.ts";
import { compareCells, compareText, type Cell } from "./sqlite.ts";
import type { Store } from "./store.ts";

/** A card as `getTask` and the listings show it: its row, its page and its colour. */
export function taskShape(store: Store, baseUrl: string, task: TaskRow): JsonObject {
  return store.tasks.view(task, (row) => ({
    ...row,
    url: `${baseUrl}?controller=TaskViewController&action=show&task_id=${row.id}`,
    color: colorOf(row.color_id),
  }));
}

/** The open cards of a project, ascending by id: what `getAllTasks` lists unless asked for the closed ones. */
export function openTasks(store: Store, baseUrl: string, project: number): JsonArray {
  return store.tasks.listing(project, () =>
    store.cards.open.ids(project).map((id) => taskShape(store, baseUrl, store.tasks.find(id)!)),
  );
}

/** A card as events carry it: its row and the names around it. */
export function taskDetails(store: Store, task: TaskRow): Readonly<Record<string, Cell>> {
  const column = store.columns.find(task.column_id);
  const category = store.categories.find(task.category_id);
  const assignee = store.users.find(task.owner_id);
  const creator = store.users.find(task.creator_id);
  return {
    ...task,
    category_name: category?.name ?? null,
    swimlane_name: store.swimlanes.find(task.swimlane_id)?.name ?? null,
    project_name: store.projects.find(task.project_id)?.name ?? null,
    column_title: column?.title ?? null,
    assignee_username: assignee?.username ?? null,
    assignee_name: assignee?.name ?? null,
    creator_username: creator?.username ?? null,
    creator_name: creator?.name ?? null,
    category_description: category?.description ?? null,
    column_position: column?.position ?? null,
  };
}

/** A card as searches and the board show it: with counters and names, without page and colour. */
export function taskOverview(call: Call, task: TaskRow): Readonly<Record<string, Cell>> {
  const { store } = call;
  const { id } = task;
  const subtasks = store.subtasks.of(id);
  const assignee = store.users.find(task.owner_id);
  const category = store.categories.find(task.category_id);
  const column = store.columns.find(task.column_id);
  const isMilestone = store.taskLinks
    .of(id)
    .some((link) => store.links.find(link.link_id)?.label === "is a milestone of");
  return {
    nb_comments: store.comments.count(id),
    nb_files: store.taskFiles.count(id),
    nb_subtasks: subtasks.length,
    nb_completed_subtasks: subtasks.filter((subtask) => subtask.status === 2).length,
    nb_links: store.taskLinks.count(id),
    nb_external_links: store.externalLinks.count(id),
    is_milestone: isMilestone ? 1 : null,
    id,
    reference: task.reference,
    title: task.title,
    description: task.description,
    date_creation: task.date_creation,
    date_modification: task.date_modification,
    date_completed: task.date_completed,
    date_started: task.date_started,
    date_due: task.date_due,
    color_id: task.color_id,
    project_id: task.project_id,
    column_id: task.column_id,
    swimlane_id: task.swimlane_id,
    owner_id: task.owner_id,
    creator_id: task.creator_id,
    position: task.position,
    is_active: task.is_active,
    score: task.score,
    category_id: task.category_id,
    priority: task.priority,
    date_moved: task.date_moved,
    recurrence_status: task.recurrence_status,
    recurrence_trigger: task.recurrence_trigger,
    recurrence_factor: task.recurrence_factor,
    recurrence_timeframe: task.recurrence_timeframe,
    recurrence_basedate: task.recurrence_basedate,
    recurrence_parent: task.recurrence_parent,
    recurrence_child: task.recurrence_child,
    time_estimated: task.time_estimated,
    time_spent: task.time_spent,
    assignee_username: assignee?.username ?? null,
    assignee_name: assignee?.name ?? null,
    assignee_email: assignee?.email ?? null,
    assignee_avatar_path: assignee?.avatar_path ?? null,
    category_name: category?.name ?? null,
    category_description: category?.description ?? null,
    category_color_id: category?.color_id ?? null,
    column_name: column?.title ?? null,
    column_position: column?.position ?? null,
    swimlane_name: store.swimlanes.find(task.swimlane_id)?.name ?? null,
    project_name: store.projects.find(task.project_id)?.name ?? null,
    ...(call.installation.customFields === undefined
      ? {}
      : { nb_metadata: Object.keys(store.metadataOf("task", id)).length }),
  };
}

/** The tags of a card, in order of their names; of equal names that of the first project. */
export function tagShapes(store: Store, task: number): JsonArray {
  return store
    .tagsOf(task)
    .map((id) => store.tags.find(id)!)
    .toSorted(
      (left, right) =>
        compareText(left.name, right.name) || compareCells(left.project_id, right.project_id) || left.id - right.id,
    )
    .map(({ id, name, color_id }) => ({ id, name, color_id, task_id: task }));
}
