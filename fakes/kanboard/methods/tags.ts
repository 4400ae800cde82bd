import type { JsonArray, JsonValue } from "../../../src/base/json.ts";
import { member, viewer, type Guard } from "../authorization.ts";
import type { Call, Statementwise } from "../call.ts";
import { isEmpty, listValues, looseEquals, toText } from "../php.ts";
import { atomic, statementwise, type Procedure } from "../procedure.ts";
import type { TagRow } from "../rows.ts";
import { compareText, numberCell, rowId, textCell, type Cell } from "../sqlite.ts";
import { trayOf } from "../store.ts";
import type { ServiceStep } from "../../../src/ports/service.ts";
import { everything, nextId, writesOf, writing } from "../statements.ts";

export const tagProcedures: readonly Procedure[] = [
  atomic({
    name: "getAllTags",
    parameters: [],
    touches: () => everything,
    run: (call: Call) => {
      const { user } = call;
      const tags = [...call.store.tags.all()];
      if (user === undefined || user.role === "app-admin") return byName(tags);
      const isVisible = (project: Cell): boolean =>
        project === 0 ||
        (call.store.projects.find(project)?.is_active === 1 && call.store.isInProject(rowId(project), user.id));
      return byName(tags.filter((tag) => isVisible(tag.project_id)));
    },
  }),
  atomic({
    name: "getTagsByProject",
    parameters: ["project_id"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("projectTags", rowId(project)),
    run: (call: Call, project: JsonValue) => {
      const { store } = call;
      const cell = numberCell(project);
      const tray = trayOf(cell);
      return tray === cell ? store.tags.listing(tray, () => byName(store.tagsIn(tray))) : byName(store.tagsIn(cell));
    },
  }),
  atomic({
    name: "createTag",
    parameters: ["project_id", "tag", ["color_id", null]],
    guard: member("project"),
    touches: (call: Call, project: JsonValue) => call.statements.insertTag(rowId(project)),
    run: (call: Call, project: JsonValue, tag: JsonValue, color: JsonValue) =>
      createTag(call, project, textCell(tag), textCell(color))?.id ?? false,
  }),
  atomic({
    name: "updateTag",
    parameters: ["tag_id", "tag", ["color_id", null]],
    guard: member("tag"),
    touches: (call: Call, id: JsonValue) => writesTag(call, id),
    run: (call: Call, id: JsonValue, name: JsonValue, color: JsonValue) => {
      const tag = call.store.tags.find(id);
      if (tag === undefined) return true;
      if (name === null || call.store.hasTag(tag.project_id, toText(name), tag.id)) return false;
      call.store.updateTag(tag, { name: toText(name), color_id: textCell(color) });
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "removeTag",
    parameters: ["tag_id"],
    guard: member("tag"),
    touches: (call: Call, id: JsonValue) => writesTag(call, id),
    run: (call: Call, id: JsonValue) => {
      const tag = call.store.tags.find(id);
      if (tag === undefined) return false;
      for (const card of call.store.removeTag(tag)) recordTags(call, card);
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "getTaskTags",
    parameters: ["task_id"],
    guard: viewer("task"),
    touches: (call: Call, task: JsonValue) => call.readsCard("tags", task),
    run: (call: Call, task: JsonValue) => call.store.tagView(rowId(task)),
  }),
  statementwise({
    name: "setTaskTags",
    parameters: ["project_id", "task_id", "tags[]"],
    guard: setGuard(),
    *run(call: Call, project: JsonValue, task: JsonValue, tags: JsonValue) {
      yield call.statements.readTags(rowId(task), rowId(project));
      return yield* saveTags(call, project, task, listValues(tags)!);
    },
  }),
];

/**
 * Replaces the tags of a card, several statements after the one it starts in, which has read the tags there are.
 * A tag in other letters than stored is found, then not recognised among the wanted ones, and taken off.
 *
 * @returns false when a statement failed: the rest is not done, what was done stays
 */
export function* saveTags(call: Call, project: JsonValue, task: JsonValue, given: JsonArray): Statementwise<boolean> {
  const { store } = call;
  const card = rowId(task);
  const held = store.tagsOf(card).map((id) => store.tags.find(id)!);
  const wanted = given.filter((tag) => !isEmpty(tag));
  for (const name of wanted) {
    let tag = store.findTag(numberCell(project), toText(name));
    if (tag !== undefined && held.some(({ id }) => id === tag!.id)) continue;
    if (tag === undefined) {
      yield call.statements.insertTag(rowId(project));
      tag = createTag(call, project, toText(name), null);
    }
    yield call.statements.writeTags(card, call.projectOf(card), rowId(project));
    if (tag === undefined || !attach(call, card, tag)) return false;
  }
  for (const { id, name } of held) {
    if (wanted.some((tag) => looseEquals(name, tag))) continue;
    yield call.statements.writeTags(card, call.projectOf(card), rowId(project));
    if (!detach(call, card, id)) return false;
  }
  return true;
}

/** @returns undefined when the project has a tag of exactly this name; whether there is such a project nobody asks */
export function createTag(
  call: Call,
  projectId: JsonValue,
  name: string | null,
  color: string | null,
): TagRow | undefined {
  const { store } = call;
  const project = numberCell(projectId);
  if (project === null || name === null || store.hasTag(project, name)) return undefined;
  const tag: TagRow = { id: store.tags.nextId, name, project_id: project, color_id: color };
  store.insertTag(tag);
  call.commit();
  return tag;
}

/** @returns false when card or tag is gone, or the card has it already */
export function attach(call: Call, card: number, tag: TagRow): boolean {
  const { store } = call;
  if (store.tasks.find(card) === undefined || store.tags.find(tag.id) === undefined) return false;
  if (store.tagsOf(card).includes(tag.id)) return false;
  store.attachTag(card, tag.id);
  call.commit();
  recordTags(call, card);
  return true;
}

export function detach(call: Call, card: number, tag: number): boolean {
  if (!call.store.detachTag(card, tag)) return false;
  call.commit();
  recordTags(call, card);
  return true;
}

function recordTags(call: Call, card: number): void {
  call.record({ store: "board", type: "tags.set", card, tags: call.store.tagNamesOf(card) });
}

function byName(tags: readonly TagRow[]): JsonArray {
  return tags.toSorted((left, right) => compareText(left.name, right.name) || left.id - right.id);
}

/** A tag shows on every card that has it. */
function writesTag(call: Call, id: JsonValue): ServiceStep {
  const tag = call.store.tags.find(id);
  if (tag === undefined) return everything;
  const shown = call.store.tagged.ids(tag.id).flatMap((card) => writesOf("tags", card, call.projectOf(card)));
  return call.statements.change([writing("projectTags", trayOf(tag.project_id)), nextId("tags"), ...shown]);
}

function setGuard(): Guard {
  return { projects: [...member("project", 0).projects!, ...member("task", 1).projects!] };
}
