import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { isVisibleTo, member, viewer } from "../authorization.ts";
import type { Call, Statementwise } from "../call.ts";
import { fireCardEvent } from "../events.ts";
import { looseEquals, toText } from "../php.ts";
import { atomic, statementwise, type Procedure } from "../procedure.ts";
import type { CommentRow } from "../rows.ts";
import { compareCells, numberCell, rowId, textCell } from "../sqlite.ts";
import { fatalIfArray, fitsOrAbsent, isGiven, isIntegerOrAbsent } from "../validation.ts";

export const commentProcedures: readonly Procedure[] = [
  atomic({
    name: "getComment",
    parameters: ["comment_id"],
    guard: viewer("comment"),
    touches: (call: Call, id: JsonValue) => call.readsOwner("comments", call.store.comments.find(id)),
    run: (call: Call, id: JsonValue) => {
      const comment = call.store.comments.find(id);
      return comment === undefined ? null : commentShape(call, comment);
    },
  }),
  atomic({
    name: "getAllComments",
    parameters: ["task_id"],
    guard: viewer("task"),
    touches: (call: Call, task: JsonValue) => call.readsCard("comments", task),
    run: (call: Call, task: JsonValue) =>
      call.store.comments
        .of(rowId(task))
        .toSorted((left, right) => compareCells(left.date_creation, right.date_creation) || left.id - right.id)
        .filter((comment) => call.user === undefined || isVisibleTo(call.user.role, comment.visibility))
        .map((comment) => {
          const { reference: _, ...listed } = commentShape(call, comment);
          return listed;
        }),
  }),
  statementwise({
    name: "createComment",
    parameters: ["task_id", "user_id", "content", ["reference", ""], ["visibility", "app-user"]],
    guard: member("task"),
    run: createComment,
  }),
  statementwise({
    name: "updateComment",
    parameters: ["id", "content"],
    guard: member("comment"),
    *run(call: Call, id: JsonValue, content: JsonValue) {
      yield call.writesCard("comments", cardOf(call, id));
      if (!isAuthor(call, id)) return false;
      if (!isGiven(id) || !isIntegerOrAbsent(id) || !isGiven(content)) return false;
      const comment = call.store.comments.find(id);
      if (comment === undefined) return true;
      call.store.comments.replace({ ...comment, comment: toText(content), date_modification: call.nowS() });
      call.commit();
      yield* fireCommentEvent(call, "comment.update", id);
      return true;
    },
  }),
  statementwise({
    name: "removeComment",
    parameters: ["comment_id"],
    guard: member("comment"),
    *run(call: Call, id: JsonValue) {
      const card = cardOf(call, id);
      yield call.readsOwner("comments", call.store.comments.find(id));
      if (!isAuthor(call, id)) return false;
      yield* fireCommentEvent(call, "comment.delete", id);
      yield call.insertsInto("comments", card);
      const comment = call.store.comments.find(id);
      if (comment === undefined) return false;
      call.store.comments.remove(comment.id);
      call.commit();
      call.record({ store: "board", type: "comment.removed", card: comment.task_id, comment: comment.id });
      return true;
    },
  }),
];

function* createComment(
  call: Call,
  task: JsonValue,
  author: JsonValue,
  content: JsonValue,
  reference: JsonValue,
  visibility: JsonValue,
): Statementwise {
  yield call.insertsInto("comments", task);
  if (call.user !== undefined) {
    if (!looseEquals(author, call.user.id)) return false;
    if (!isVisibleTo(call.user.role, toText(visibility))) return false;
  }
  const failure = fatalIfArray(reference);
  if (failure !== undefined) return failure;
  const isValid =
    isGiven(task) &&
    isIntegerOrAbsent(task) &&
    isIntegerOrAbsent(author) &&
    fitsOrAbsent(reference, 191) &&
    isGiven(content) &&
    isGiven(visibility) &&
    roles.some((role) => looseEquals(visibility, role));
  if (!isValid) return false;
  const card = call.store.tasks.find(task);
  if (card === undefined) return false;
  const now = call.nowS();
  const comment: CommentRow = {
    id: call.store.comments.nextId,
    task_id: card.id,
    user_id: numberCell(author),
    date_creation: now,
    date_modification: now,
    comment: toText(content),
    reference: textCell(reference),
    visibility: toText(visibility),
  };
  call.store.comments.insert(comment);
  call.commit();
  call.record({ store: "board", type: "comment.created", card: card.id, comment: comment.id, text: comment.comment });
  yield* fireCommentEvent(call, "comment.create", comment.id);
  return comment.id;
}

function* fireCommentEvent(call: Call, name: string, id: JsonValue): Statementwise<void> {
  yield* fireCardEvent(call, { name, resource: "comments", card: cardOf(call, id) }, () => {
    const comment = call.store.comments.find(id);
    return comment === undefined ? undefined : { comment: commentShape(call, comment) };
  });
}

function commentShape(call: Call, comment: CommentRow): JsonObject {
  const author = call.store.users.find(comment.user_id);
  return {
    ...comment,
    username: author?.username ?? null,
    name: author?.name ?? null,
    email: author?.email ?? null,
    avatar_path: author?.avatar_path ?? null,
  };
}

/** Only the author may change a comment; the token is everybody. */
function isAuthor(call: Call, id: JsonValue): boolean {
  return call.user === undefined || looseEquals(call.store.comments.find(id)?.user_id, call.user.id);
}

function cardOf(call: Call, id: JsonValue): number {
  return call.store.comments.find(id)?.task_id ?? 0;
}

const roles: readonly string[] = ["app-user", "app-manager", "app-admin"];
