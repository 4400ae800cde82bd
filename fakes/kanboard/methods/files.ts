import { hash } from "node:crypto";
import { digest64 } from "../../../src/base/digest.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { member, viewer } from "../authorization.ts";
import type { Call, Statementwise } from "../call.ts";
import { fireCardEvent } from "../events.ts";
import { fatal, invalidFolder } from "../failure.ts";
import { isPicture } from "../pictures.ts";
import { looseEquals, toInteger, toText } from "../php.ts";
import { atomic, statementwise, type Procedure } from "../procedure.ts";
import type { ProjectFileRow, TaskFileRow } from "../rows.ts";
import { compareText, foldCase, rowId } from "../sqlite.ts";
import { nextId, reading, writing } from "../statements.ts";

/** Attachments of cards. Contents are base64 text; copies of a card share them. */
export const taskFileProcedures: readonly Procedure[] = [
  atomic({
    name: "getTaskFile",
    parameters: ["file_id"],
    guard: viewer("taskFile"),
    touches: (call: Call, id: JsonValue) => call.readsOwner("files", call.store.taskFiles.find(id)),
    run: (call: Call, id: JsonValue) => {
      const file = call.store.taskFiles.find(id);
      return file === undefined ? null : taskFileShape(call, file);
    },
  }),
  atomic({
    name: "getAllTaskFiles",
    parameters: ["task_id"],
    guard: viewer("task"),
    touches: (call: Call, task: JsonValue) => call.readsCard("files", task),
    run: (call: Call, task: JsonValue) =>
      call.store.taskFiles
        .of(rowId(task))
        .toSorted(byName)
        .map((file) => ({ ...taskFileShape(call, file), ...author(call, file.user_id) })),
  }),
  atomic({
    name: "downloadTaskFile",
    parameters: ["file_id"],
    guard: viewer("taskFile"),
    touches: (call: Call, id: JsonValue) => call.readsOwner("files", call.store.taskFiles.find(id)),
    run: (call: Call, id: JsonValue) => {
      const file = call.store.taskFiles.find(id);
      return file === undefined ? "" : (call.store.contentOf(file.path) ?? "");
    },
  }),
  statementwise({
    name: "createTaskFile",
    parameters: ["project_id", "task_id", "filename", "blob"],
    guard: member("project"),
    *run(call: Call, project: JsonValue, task: JsonValue, name: JsonValue, blob: JsonValue) {
      yield call.statements.change(() => [reading("task", rowId(task)), writing("files", rowId(task))]);
      const card = call.store.tasks.find(task);
      if (card === undefined || !looseEquals(card.project_id, project)) return false;
      if (typeof blob === "object" && blob !== null) return fatal;
      const content = decode(blob);
      if (isEmptyContent(content)) return false;
      if (!isFolderName(task)) return invalidFolder;
      if (!isStorable(name, content)) return fatal;
      const path = `tasks/${card.id}/${hash("sha1", `${toText(name)}${call.nowS()}`)}`;
      call.store.storeContent(path, content.toString("base64"));
      return yield* createTaskFile(call, card.id, toText(name), path, content.length);
    },
  }),
  statementwise({
    name: "removeTaskFile",
    parameters: ["file_id"],
    guard: member("taskFile"),
    *run(call: Call, id: JsonValue) {
      yield call.readsOwner("files", call.store.taskFiles.find(id));
      return yield* removeTaskFile(call, id);
    },
  }),
  statementwise({
    name: "removeAllTaskFiles",
    parameters: ["task_id"],
    guard: member("task"),
    *run(call: Call, task: JsonValue) {
      yield call.readsCard("files", task);
      return yield* removeTaskFiles(call, rowId(task));
    },
  }),
];

/** Attachments of projects. */
export const projectFileProcedures: readonly Procedure[] = [
  atomic({
    name: "getProjectFile",
    parameters: ["project_id", "file_id"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("projectFiles", rowId(project)),
    run: (call: Call, project: JsonValue, id: JsonValue) => {
      const file = ownFile(call, project, id);
      return file === undefined ? false : { ...file, etag: hash("md5", file.path) };
    },
  }),
  atomic({
    name: "getAllProjectFiles",
    parameters: ["project_id"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("projectFiles", rowId(project)),
    run: (call: Call, project: JsonValue) =>
      call.store.projectFiles
        .of(rowId(project))
        .toSorted(byName)
        .map((file) => ({ ...file, ...author(call, file.user_id), etag: hash("md5", file.path) })),
  }),
  atomic({
    name: "downloadProjectFile",
    parameters: ["project_id", "file_id"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.read("projectFiles", rowId(project)),
    run: (call: Call, project: JsonValue, id: JsonValue) => {
      const file = ownFile(call, project, id);
      return file === undefined ? "" : (call.store.contentOf(file.path) ?? "");
    },
  }),
  atomic({
    name: "createProjectFile",
    parameters: ["project_id", "filename", "blob"],
    guard: member("project"),
    touches: (call: Call, project: JsonValue) =>
      call.statements.change([writing("projectFiles", rowId(project)), nextId("projectFiles")]),
    run: (call: Call, project: JsonValue, name: JsonValue, blob: JsonValue) => {
      if (typeof blob === "object" && blob !== null) return fatal;
      const content = decode(blob);
      if (isEmptyContent(content)) return false;
      if (!isFolderName(project)) return invalidFolder;
      if (!isStorable(name, content)) return fatal;
      const owner = call.store.projects.find(project);
      if (owner === undefined) return false;
      const path = `projects/${owner.id}/${hash("sha1", `${toText(name)}${call.nowS()}`)}`;
      call.store.storeContent(path, content.toString("base64"));
      const file: ProjectFileRow = {
        id: call.store.projectFiles.nextId,
        project_id: owner.id,
        name: shorten(toText(name)),
        path,
        is_image: isImage(toText(name)),
        size: content.length,
        user_id: call.userId,
        date: call.nowS(),
      };
      call.store.projectFiles.insert(file);
      call.commit();
      return file.id;
    },
  }),
  atomic({
    name: "removeProjectFile",
    parameters: ["project_id", "file_id"],
    guard: member("project"),
    touches: (call: Call, project: JsonValue) =>
      call.statements.change([writing("projectFiles", rowId(project)), nextId("projectFiles")]),
    run: (call: Call, project: JsonValue, id: JsonValue) => {
      const file = ownFile(call, project, id);
      if (file === undefined) return false;
      call.store.projectFiles.remove(file.id);
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "removeAllProjectFiles",
    parameters: ["project_id"],
    guard: member("project"),
    touches: (call: Call, project: JsonValue) =>
      call.statements.change([writing("projectFiles", rowId(project)), nextId("projectFiles")]),
    run: (call: Call, project: JsonValue) => {
      for (const file of call.store.projectFiles.of(rowId(project))) call.store.projectFiles.remove(file.id);
      call.commit();
      return true;
    },
  }),
];

/** Attaches stored content to a card; called by a copy with the path of the original. */
export function* createTaskFile(
  call: Call,
  card: number,
  name: string,
  path: string,
  sizeBytes: number,
): Statementwise<number | false> {
  yield call.insertsInto("files", card);
  if (call.store.tasks.find(card) === undefined) return false;
  const file: TaskFileRow = {
    id: call.store.taskFiles.nextId,
    name: shorten(name),
    path,
    is_image: isImage(name),
    task_id: card,
    date: call.nowS(),
    user_id: call.userId,
    size: sizeBytes,
  };
  call.store.taskFiles.insert(file);
  call.commit();
  const digest = digest64(call.store.contentOf(path) ?? "");
  call.record({ store: "board", type: "file.created", card, file: file.id, name: file.name, sizeBytes, digest });
  yield* fireFileEvent(call, "task.file.create", file.id);
  return file.id;
}

/** Each with its event first, by id. */
export function* removeTaskFiles(call: Call, card: number): Statementwise<boolean> {
  let areAllRemoved = true;
  for (const file of call.store.taskFiles.of(card)) {
    const isRemoved = yield* removeTaskFile(call, file.id);
    areAllRemoved &&= isRemoved;
  }
  return areAllRemoved;
}

function* removeTaskFile(call: Call, id: JsonValue): Statementwise<boolean> {
  yield* fireFileEvent(call, "task.file.destroy", id);
  yield call.insertsInto("files", cardOf(call, id));
  const file = call.store.taskFiles.find(id);
  if (file === undefined) return false;
  call.store.taskFiles.remove(file.id);
  call.commit();
  call.record({ store: "board", type: "file.removed", card: file.task_id, file: file.id, name: file.name });
  const isShared = [...call.store.taskFiles.all()].some((other) => other.path === file.path);
  if (!isShared) call.store.removeContent(file.path);
  return true;
}

function* fireFileEvent(call: Call, name: string, id: JsonValue): Statementwise<void> {
  yield* fireCardEvent(call, { name, resource: "files", card: cardOf(call, id) }, () => {
    const file = call.store.taskFiles.find(id);
    return file === undefined ? undefined : { file: taskFileShape(call, file) };
  });
}

function taskFileShape(call: Call, file: TaskFileRow): JsonObject {
  return call.store.taskFiles.view(file, (row) => ({ ...row, etag: hash("md5", row.path) }));
}

function author(call: Call, id: number): { readonly username: string | null; readonly user_name: string | null } {
  const user = call.store.users.find(id);
  return { username: user?.username ?? null, user_name: user?.name ?? null };
}

function ownFile(call: Call, project: JsonValue, id: JsonValue): ProjectFileRow | undefined {
  const file = call.store.projectFiles.find(id);
  return file?.project_id === toInteger(project) ? file : undefined;
}

/** Leaves out what is no base64, as a lenient decoder does. */
function decode(blob: JsonValue): Buffer {
  return Buffer.from(toText(blob).replace(/[^A-Za-z0-9+/]/g, ""), "base64");
}

/** The content `0` is empty, too. */
function isEmptyContent(content: Buffer): boolean {
  return content.length === 0 || (content.length === 1 && content[0] === 0x30);
}

/** Files of a card or project lie in a folder of its number. */
function isFolderName(id: JsonValue): boolean {
  return typeof id === "string" ? toInteger(id) > 0 : Number.isInteger(id) && toInteger(id) > 0;
}

/** A small picture is made of what its name calls a picture: the server fails on anything else. */
function isStorable(name: JsonValue, content: Buffer): boolean {
  if (typeof name === "object" && name !== null) return false;
  return isImage(toText(name)) === 0 || isPicture(content);
}

function isImage(name: string): number {
  return /\.(jpe?g|png|gif)$/i.test(name) ? 1 : 0;
}

/** To 255 bytes. */
function shorten(name: string): string {
  const bytes = Buffer.from(name);
  return bytes.length <= 255 ? name : bytes.subarray(0, 255).toString();
}

function byName(left: { name: string; id: number }, right: { name: string; id: number }): number {
  return compareText(foldCase(left.name), foldCase(right.name)) || left.id - right.id;
}

function cardOf(call: Call, id: JsonValue): number {
  return call.store.taskFiles.find(id)?.task_id ?? 0;
}
