import type { JsonValue } from "../../../src/base/json.ts";
import type { ServiceStep } from "../../../src/ports/service.ts";
import { member } from "../authorization.ts";
import type { Call, Statementwise } from "../call.ts";
import { columnKey } from "../card-indexes.ts";
import { fireTaskEvent } from "../events.ts";
import { fatal, Failure } from "../failure.ts";
import { compare, isEmpty } from "../php.ts";
import { statementwise, type Procedure } from "../procedure.ts";
import { numberCell, rowId } from "../sqlite.ts";
import { reading } from "../statements.ts";
import { categoryNamed } from "./categories.ts";
import { columnTitled, sortedColumns } from "./columns.ts";
import { copyMetadata } from "./custom-fields.ts";
import { addExternalLink } from "./external-links.ts";
import { createTaskFile } from "./files.ts";
import { createTaskLink } from "./links.ts";
import { activeSwimlanes, swimlaneNamed } from "./swimlanes.ts";
import { attach, createTag, detach } from "./tags.ts";
import { copiedFields, copySubtasks } from "./task-copies.ts";
import { createTask } from "./task-creation.ts";

/** Cards that are copied, or go to another project. */
export const taskTransferProcedures: readonly Procedure[] = [
  statementwise({
    name: "moveTaskToProject",
    parameters: [
      "task_id",
      "project_id",
      ["swimlane_id", null],
      ["column_id", null],
      ["category_id", null],
      ["owner_id", null],
    ],
    guard: { projects: [...member("task").projects!, ...member("project", 1).projects!] },
    run: moveTaskToProject,
  }),
  statementwise({
    name: "duplicateTaskToProject",
    parameters: [
      "task_id",
      "project_id",
      ["swimlane_id", null],
      ["column_id", null],
      ["category_id", null],
      ["owner_id", null],
    ],
    guard: { projects: [...member("task").projects!, ...member("project", 1).projects!] },
    run: duplicateTaskToProject,
  }),
];

/** A link type that every installation has. */
const duplicates = 4;

/**
 * Others can see each stage: the copy and its webhook, subtasks, tags, the pair of `duplicates` links with theirs, each
 * file with its own, external links; with MetaMagik the metadata come last. When the links' transaction fails, what is
 * there stays and the rest is missing.
 */
function* duplicateTaskToProject(
  call: Call,
  id: JsonValue,
  project: JsonValue,
  swimlane: JsonValue,
  column: JsonValue,
  category: JsonValue,
  owner: JsonValue,
): Statementwise {
  const { store } = call;
  yield readsForTransfer(call, rowId(id), rowId(project));
  const source = store.tasks.find(id);
  const from = rowId(id);
  const fields = copiedFields(source);
  const place = placeIn(call, project, {
    column_id: column ?? fields.column_id,
    swimlane_id: swimlane ?? fields.swimlane_id,
    category_id: category ?? fields.category_id,
    owner_id: owner ?? fields.owner_id,
    priority: fields.priority,
  });
  const manner = source === undefined ? {} : { copyOf: source.id };
  const copy = yield* createTask(call, { ...fields, ...place, project_id: project }, manner);
  if (copy instanceof Failure) return copy;
  const failure = yield* copySubtasks(call, from, copy);
  if (failure !== undefined) return failure;
  yield call.statements.readTags(from, rowId(project));
  yield* copyTags(call, from, copy, project);
  const link = yield* createTaskLink(call, copy, id, duplicates);
  if (link instanceof Failure) return link;
  yield call.statements.reads([reading("files", from), reading("external", from)]);
  const externalLinks = store.externalLinks.of(from);
  for (const file of store.taskFiles.of(from)) yield* createTaskFile(call, copy, file.name, file.path, file.size);
  for (const { title, url, link_type, dependency } of externalLinks) {
    yield call.insertsInto("external", copy);
    if (store.tasks.find(copy) !== undefined) addExternalLink(call, copy, { title, url, link_type, dependency });
  }
  return (yield* copyMetadata(call, from, copy)) ?? copy;
}

/** Closed cards come out open. An unknown project changes nothing but the tags, and is answered with true. */
function* moveTaskToProject(
  call: Call,
  id: JsonValue,
  project: JsonValue,
  swimlane: JsonValue,
  column: JsonValue,
  category: JsonValue,
  owner: JsonValue,
): Statementwise {
  const { store } = call;
  yield readsForTransfer(call, rowId(id), rowId(project));
  const before = store.tasks.find(id);
  if (before === undefined) return fatal;
  const position = openCardsIn(call, rowId(project), column ?? before.column_id) + 1;
  const place = placeIn(call, project, {
    column_id: column ?? before.column_id,
    swimlane_id: swimlane ?? before.swimlane_id,
    category_id: category ?? before.category_id,
    owner_id: owner ?? before.owner_id,
    priority: before.priority,
  });
  yield* renewTags(call, before.id, project);
  yield call.writesCard("task", id);
  const task = store.tasks.find(id);
  const target = store.projects.find(project);
  const [to, lane] = [store.columns.find(place.column_id), store.swimlanes.find(place.swimlane_id)];
  if (task === undefined || target === undefined || to === undefined || lane === undefined) return true;
  const values = { is_active: 1, project_id: project, position, ...place };
  call.updateTask(task, {
    is_active: 1,
    project_id: target.id,
    column_id: to.id,
    position,
    swimlane_id: lane.id,
    category_id: numberCell(place.category_id),
    owner_id: numberCell(place.owner_id),
    priority: numberCell(place.priority),
  });
  if (task.is_active === 0) call.record({ store: "board", type: "card.opened", card: task.id });
  const origin = store.columns.find(task.column_id)?.title ?? "";
  call.record({
    store: "board",
    type: "card.moved",
    card: task.id,
    from: origin,
    to: to.title,
    dateMoved: task.date_moved,
  });
  yield* fireTaskEvent(call, { name: "task.move.project", taskId: id, changes: values });
  return true;
}

/** The card with its tags and place, and the places and tags of the project it goes to. */
function readsForTransfer(call: Call, card: number, target: number): ServiceStep {
  return call.statements.reads([
    reading("task", card),
    reading("tags", card),
    reading("board", call.projectOf(card)),
    reading("board", target),
    reading("project", target),
    reading("projectTags", target),
    reading("projectTags", 0),
  ]);
}

interface Place {
  readonly column_id: JsonValue;
  readonly swimlane_id: JsonValue;
  readonly category_id: JsonValue;
  readonly owner_id: JsonValue;
  readonly priority: JsonValue;
}

/** The same place in another project: column, swimlane and category by their names, the rest as far as allowed there. */
function placeIn(call: Call, projectId: JsonValue, wanted: Place): Place {
  const { store } = call;
  const id = rowId(projectId);
  const project = store.projects.find(id);
  const column = columnTitled(store, id, store.columns.find(wanted.column_id)?.title) ?? sortedColumns(store, id)[0];
  const swimlane =
    swimlaneNamed(store, id, store.swimlanes.find(wanted.swimlane_id)?.name) ?? activeSwimlanes(store, id)[0];
  const category = categoryNamed(store, id, store.categories.find(wanted.category_id)?.name ?? "");
  const priority = isEmpty(wanted.priority) ? 0 : wanted.priority;
  const isInRange =
    compare(priority, project?.priority_start) >= 0 &&
    compare(priority, project?.priority_end) <= 0 &&
    project !== undefined;
  return {
    column_id: compare(wanted.column_id, 0) > 0 ? (column?.id ?? 0) : wanted.column_id,
    swimlane_id: swimlane?.id ?? 0,
    category_id: compare(wanted.category_id, 0) > 0 ? (category?.id ?? 0) : wanted.category_id,
    owner_id: compare(wanted.owner_id, 0) > 0 && !isAllowed(call, id, wanted.owner_id) ? 0 : wanted.owner_id,
    priority: isInRange ? priority : (project?.priority_default ?? null),
  };
}

function isAllowed(call: Call, project: number, user: JsonValue): boolean {
  if (call.user?.role === "app-admin") return true;
  const found = call.store.users.find(user);
  return found?.is_active === 1 && call.store.roleOf(project, found.id) !== "";
}

function openCardsIn(call: Call, project: number, column: JsonValue): number {
  return call.store.cards.openOwnColumn.count(columnKey(project, rowId(column)));
}

/** Gives a copy the tags of that name in its project, which are created when missing. */
function* copyTags(call: Call, from: number, to: number, target: JsonValue): Statementwise<void> {
  const { store } = call;
  const project = rowId(target);
  for (const id of store.tagsOf(from)) {
    const { name, color_id } = store.tags.find(id)!;
    let tag = store.findTag(numberCell(target), name);
    if (tag === undefined) {
      yield call.statements.insertTag(project);
      tag = createTag(call, target, name, color_id);
    }
    yield call.statements.writeTags(to, call.projectOf(to), project);
    if (tag !== undefined) attach(call, to, tag);
  }
}

/** Replaces the tags that the new project does not have by those of the same name there. */
function* renewTags(call: Call, card: number, target: JsonValue): Statementwise<void> {
  const { store } = call;
  const project = rowId(target);
  for (const id of store.tagsOf(card)) {
    const old = store.tags.find(id)!;
    if (old.project_id === 0 || old.project_id === project) continue;
    let tag = store.findTag(numberCell(target), old.name);
    if (tag === undefined) {
      yield call.statements.insertTag(project);
      tag = createTag(call, target, old.name, old.color_id);
    }
    yield call.statements.writeTags(card, call.projectOf(card), project);
    detach(call, card, id);
    yield call.statements.writeTags(card, call.projectOf(card), project);
    if (tag !== undefined) attach(call, card, tag);
  }
}
