import type { Footprint } from "../../../src/base/footprint.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { ServiceStep } from "../../../src/ports/service.ts";
import { administrators, member, viewer } from "../authorization.ts";
import type { Call, Statementwise } from "../call.ts";
import { databaseLocked, type Failure } from "../failure.ts";
import { fireCardEvent } from "../events.ts";
import { isEmpty, toInteger, toText } from "../php.ts";
import { atomic, statementwise, type Procedure } from "../procedure.ts";
import type { LinkRow, TaskLinkRow } from "../rows.ts";
import { compareCells, numberCell, rowId } from "../sqlite.ts";
import { nextId, reading, writesOf, writing } from "../statements.ts";
import { isGiven } from "../validation.ts";

/** Types of links: pairs of labels. */
export const linkTypeProcedures: readonly Procedure[] = [
  atomic({
    name: "getAllLinks",
    parameters: [],
    guard: administrators,
    touches: (call: Call) => call.statements.read("catalogue", 0),
    run: (call: Call) => call.store.links.listing(0, () => call.store.links.of(0)),
  }),
  atomic({
    name: "getLinkById",
    parameters: ["link_id"],
    guard: administrators,
    touches: (call: Call) => call.statements.read("catalogue", 0),
    run: (call: Call, id: JsonValue) => call.store.links.find(id) ?? null,
  }),
  atomic({
    name: "getLinkByLabel",
    parameters: ["label"],
    guard: administrators,
    touches: (call: Call) => call.statements.read("catalogue", 0),
    run: (call: Call, label: JsonValue) => (label === null ? null : (linkLabelled(call, toText(label)) ?? null)),
  }),
  atomic({
    name: "getOppositeLinkId",
    parameters: ["link_id"],
    guard: administrators,
    touches: (call: Call) => call.statements.read("catalogue", 0),
    run: (call: Call, id: JsonValue) => oppositeOf(call, id),
  }),
  atomic({
    name: "createLink",
    parameters: ["label", ["opposite_label", ""]],
    guard: administrators,
    touches: (call: Call) => call.statements.change([writing("catalogue", 0)]),
    run: (call: Call, label: JsonValue, opposite: JsonValue) => {
      const { links } = call.store;
      if (!isGiven(label) || label === opposite || linkLabelled(call, toText(label)) !== undefined) return false;
      const id = links.nextId;
      links.insert({ id, label: toText(label), opposite_id: 0 });
      call.commit();
      if (isEmpty(opposite)) return id;
      // A taken opposite label ends the transaction, and the first label with it.
      if (linkLabelled(call, toText(opposite)) !== undefined) {
        links.remove(id);
        return id;
      }
      links.insert({ id: id + 1, label: toText(opposite), opposite_id: id });
      links.replace({ id, label: toText(label), opposite_id: id + 1 });
      return id;
    },
  }),
  atomic({
    name: "updateLink",
    parameters: ["link_id", "opposite_link_id", "label"],
    guard: administrators,
    touches: (call: Call) => call.statements.change([writing("catalogue", 0)]),
    run: (call: Call, id: JsonValue, opposite: JsonValue, label: JsonValue) => {
      if (!isGiven(id) || !isGiven(opposite) || !isGiven(label)) return false;
      const taken = linkLabelled(call, toText(label));
      if (taken !== undefined && taken.id !== rowId(id)) return false;
      const link = call.store.links.find(id);
      if (link === undefined) return true;
      call.store.links.replace({ ...link, label: toText(label), opposite_id: numberCell(opposite) });
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "removeLink",
    parameters: ["link_id"],
    guard: administrators,
    touches: (call: Call) => call.statements.change([writing("catalogue", 0)]),
    run: (call: Call, id: JsonValue) => {
      const link = call.store.links.find(id);
      if (link === undefined) return false;
      for (const other of [...call.store.links.all()]) {
        if (other.opposite_id === link.id) call.store.links.replace({ ...other, opposite_id: 0 });
      }
      for (const taskLink of [...call.store.taskLinks.all()]) {
        if (taskLink.link_id === link.id) removeRow(call, taskLink);
      }
      call.store.links.remove(link.id);
      call.commit();
      return true;
    },
  }),
];

/** Links between cards: two rows, one for each side. */
export const taskLinkProcedures: readonly Procedure[] = [
  atomic({
    name: "getTaskLinkById",
    parameters: ["task_link_id"],
    guard: viewer("taskLink"),
    touches: (call: Call, id: JsonValue) => call.readsOwner("links", call.store.taskLinks.find(id)),
    run: (call: Call, id: JsonValue) => {
      const link = call.store.taskLinks.find(id);
      return link === undefined ? null : taskLinkShape(call, link);
    },
  }),
  atomic({
    name: "getAllTaskLinks",
    parameters: ["task_id"],
    guard: viewer("task"),
    touches: (call: Call, task: JsonValue) => readsLinks(call, rowId(task)),
    run: (call: Call, task: JsonValue) => linksOf(call, rowId(task)),
  }),
  statementwise({
    name: "createTaskLink",
    parameters: ["task_id", "opposite_task_id", "link_id"],
    guard: member("task"),
    *run(call: Call, task: JsonValue, opposite: JsonValue, type: JsonValue) {
      if (!maySee(call, opposite)) return false;
      return yield* createTaskLink(call, task, opposite, type);
    },
  }),
  statementwise({
    name: "updateTaskLink",
    parameters: ["task_link_id", "task_id", "opposite_task_id", "link_id"],
    guard: member("task", 1),
    run: updateTaskLink,
  }),
  statementwise({
    name: "removeTaskLink",
    parameters: ["task_link_id"],
    guard: member("taskLink"),
    *run(call: Call, id: JsonValue) {
      const task = call.store.taskLinks.find(id)?.task_id ?? 0;
      yield call.readsOwner("links", call.store.taskLinks.find(id));
      yield* fireLinkEvent(call, "task_internal_link.delete", id);
      yield call.statements.transaction([reading("links", task)]);
      const { commits } = call.store;
      const link = call.store.taskLinks.find(id);
      if (link === undefined) return false;
      const opposite = call.store.taskLinks.of(link.opposite_task_id).find((row) => isOpposite(call, link, row));
      yield call.statements.transaction(() => writesBoth(call, link.task_id, link.opposite_task_id));
      if (call.store.commits !== commits) return databaseLocked;
      // Without the other row the transaction takes this one back.
      if (opposite === undefined || opposite.id === link.id) return false;
      removeRow(call, link);
      removeRow(call, opposite);
      call.commit();
      return true;
    },
  }),
];

/**
 * One transaction that reads the opposite type before it writes both rows.
 *
 * @returns the id of the first row; false when either exists already, or a card or the type does not
 */
export function* createTaskLink(
  call: Call,
  task: JsonValue,
  opposite: JsonValue,
  type: JsonValue,
): Statementwise<number | false | Failure> {
  yield call.statements.transaction([reading("catalogue", 0)]);
  const { commits } = call.store;
  const oppositeType = oppositeOf(call, type);
  yield call.statements.transaction(() => writesBoth(call, rowId(task), rowId(opposite)));
  if (call.store.commits !== commits) return databaseLocked;
  const first = insertRow(call, task, opposite, type);
  const second = insertRow(call, opposite, task, oppositeType);
  if (first === undefined || second === undefined) {
    // When the second fails the transaction takes the first back. When the first fails nothing is left to take back:
    // the second stays.
    if (first !== undefined) removeRow(call, first);
    if (second !== undefined) call.commit();
    return false;
  }
  call.commit();
  for (const { id } of [first, second]) yield* fireLinkEvent(call, "task_internal_link.create_update", id);
  return first.id;
}

function* updateTaskLink(
  call: Call,
  id: JsonValue,
  task: JsonValue,
  opposite: JsonValue,
  type: JsonValue,
): Statementwise {
  yield call.statements.transaction([reading("links", rowId(task)), reading("catalogue", 0)]);
  const { commits } = call.store;
  const link = call.store.taskLinks.find(id);
  if (link === undefined || link.task_id !== toInteger(task)) return false;
  if (!maySee(call, opposite)) return false;
  const other = call.store.taskLinks.of(link.opposite_task_id).find((row) => isOpposite(call, link, row));
  yield call.statements.transaction([
    ...writesBoth(call, link.task_id, link.opposite_task_id),
    writing("links", rowId(opposite)),
  ]);
  if (call.store.commits !== commits) return databaseLocked;
  const [from, to, by] = [call.store.tasks.find(task), call.store.tasks.find(opposite), call.store.links.find(type)];
  const byOpposite = call.store.links.find(oppositeOf(call, type));
  if (from === undefined || to === undefined || by === undefined || byOpposite === undefined) return false;
  const next: TaskLinkRow = { id: link.id, link_id: by.id, task_id: from.id, opposite_task_id: to.id };
  const nextOther: Omit<TaskLinkRow, "id"> = { link_id: byOpposite.id, task_id: to.id, opposite_task_id: from.id };
  const isOtherTaken = other !== undefined && isTaken(call, nextOther, link.id, other.id);
  if (isTaken(call, next, link.id, other?.id)) {
    // That ends the transaction: what follows is written on its own, and stays.
    if (other !== undefined && !isOtherTaken) replaceRow(call, other, { ...nextOther, id: other.id });
    call.commit();
    return false;
  }
  if (isOtherTaken) return false;
  replaceRow(call, link, next);
  if (other !== undefined) replaceRow(call, other, { ...nextOther, id: other.id });
  call.commit();
  for (const row of [link, other])
    if (row !== undefined) yield* fireLinkEvent(call, "task_internal_link.create_update", row.id);
  return true;
}

function insertRow(call: Call, task: JsonValue, opposite: JsonValue, type: JsonValue): TaskLinkRow | undefined {
  const [from, to, by] = [call.store.tasks.find(task), call.store.tasks.find(opposite), call.store.links.find(type)];
  if (from === undefined || to === undefined || by === undefined) return undefined;
  const row: TaskLinkRow = {
    id: call.store.taskLinks.nextId,
    link_id: by.id,
    task_id: from.id,
    opposite_task_id: to.id,
  };
  if (isTaken(call, row)) return undefined;
  call.store.insertTaskLink(row);
  record(call, "link.created", row);
  return row;
}

function removeRow(call: Call, row: TaskLinkRow): void {
  if (call.store.taskLinks.find(row.id) === undefined) return;
  call.store.removeTaskLink(row);
  record(call, "link.removed", row);
}

function replaceRow(call: Call, from: TaskLinkRow, to: TaskLinkRow): void {
  record(call, "link.removed", from);
  call.store.replaceTaskLink(from, to);
  record(call, "link.created", to);
}

function record(call: Call, type: "link.created" | "link.removed", row: TaskLinkRow): void {
  const label = call.store.links.find(row.link_id)?.label ?? "";
  call.record({ store: "board", type, card: row.task_id, opposite: row.opposite_task_id, label });
}

function isTaken(call: Call, row: Omit<TaskLinkRow, "id">, ...except: readonly (number | undefined)[]): boolean {
  return call.store.taskLinks
    .of(row.task_id)
    .some(
      (other) =>
        other.opposite_task_id === row.opposite_task_id && other.link_id === row.link_id && !except.includes(other.id),
    );
}

function isOpposite(call: Call, link: TaskLinkRow, row: TaskLinkRow): boolean {
  return row.opposite_task_id === link.task_id && row.link_id === rowId(oppositeOf(call, link.link_id));
}

function* fireLinkEvent(call: Call, name: string, id: JsonValue): Statementwise<void> {
  const card = call.store.taskLinks.find(id)?.task_id ?? 0;
  yield* fireCardEvent(call, { name, resource: "links", card }, () => {
    const link = call.store.taskLinks.find(id);
    return link === undefined ? undefined : { task_link: taskLinkShape(call, link) };
  });
}

function taskLinkShape(call: Call, link: TaskLinkRow): JsonObject {
  const type = call.store.links.find(link.link_id);
  const { id, opposite_task_id, task_id, link_id } = link;
  return {
    id,
    opposite_task_id,
    task_id,
    link_id,
    label: type?.label ?? null,
    opposite_link_id: type?.opposite_id ?? null,
  };
}

/** By type, then the opposite cards from the last column to the first, open ones first, by position. */
function linksOf(call: Call, card: number): JsonObject[] {
  const { store } = call;
  const rows = store.taskLinks.of(card).map((link) => {
    const opposite = store.tasks.find(link.opposite_task_id)!;
    return { link, opposite, column: store.columns.find(opposite.column_id) };
  });
  rows.sort(
    (left, right) =>
      left.link.link_id - right.link.link_id ||
      compareCells(right.column?.position ?? null, left.column?.position ?? null) ||
      right.opposite.is_active - left.opposite.is_active ||
      left.opposite.position - right.opposite.position ||
      left.opposite.id - right.opposite.id,
  );
  return rows.map(({ link, opposite, column }) => {
    const assignee = store.users.find(opposite.owner_id);
    return {
      id: link.id,
      task_id: opposite.id,
      label: store.links.find(link.link_id)?.label ?? null,
      title: opposite.title,
      is_active: opposite.is_active,
      project_id: opposite.project_id,
      column_id: opposite.column_id,
      color_id: opposite.color_id,
      date_completed: opposite.date_completed,
      date_started: opposite.date_started,
      date_due: opposite.date_due,
      task_time_spent: opposite.time_spent,
      task_time_estimated: opposite.time_estimated,
      task_assignee_id: opposite.owner_id,
      task_assignee_username: assignee?.username ?? null,
      task_assignee_name: assignee?.name ?? null,
      column_title: column?.title ?? null,
      project_name: store.projects.find(opposite.project_id)?.name ?? null,
    };
  });
}

/** A user links only to cards of their projects. */
function maySee(call: Call, card: JsonValue): boolean {
  const { user } = call;
  if (user === undefined || user.role === "app-admin") return true;
  return call.store.roleOf(call.projectOf(card), user.id) !== "";
}

function writesBoth(call: Call, task: number, opposite: number): Footprint[] {
  const sides = [task, opposite].flatMap((card) => writesOf("links", card, call.projectOf(card)));
  return [...sides, nextId("links")];
}

/** A listing of links shows the cards on the other side. */
function readsLinks(call: Call, card: number): ServiceStep {
  const projects = new Set(call.store.taskLinks.of(card).map((link) => call.projectOf(link.opposite_task_id)));
  if (projects.size === 0) return call.readsCard("links", card);
  const around = [...projects].flatMap((project) => [reading("project", project), reading("board", project)]);
  return call.statements.reads([reading("links", card), ...around]);
}

function linkLabelled(call: Call, label: string): LinkRow | undefined {
  for (const link of call.store.links.all()) if (link.label === label) return link;
  return undefined;
}

/** A type without an opposite, and an unknown one, is its own. */
function oppositeOf(call: Call, type: JsonValue): JsonValue {
  const opposite = call.store.links.find(type)?.opposite_id ?? null;
  return isEmpty(opposite) ? type : opposite;
}
