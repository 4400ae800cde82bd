import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { eventPage, eventTitle } from "../activity-pages.ts";
import { isVisibleTo, mayAct, usersOnly, viewer } from "../authorization.ts";
import type { Call } from "../call.ts";
import { forbidden } from "../failure.ts";
import { isEmpty, listValues } from "../php.ts";
import { atomic, type Procedure } from "../procedure.ts";
import type { ActivityRow } from "../rows.ts";
import { rowId } from "../sqlite.ts";
import { everything } from "../statements.ts";

/** What users did in projects, the latest first. What the token does leaves no activity. */
export const activityProcedures: readonly Procedure[] = [
  atomic({
    name: "getProjectActivity",
    parameters: ["project_id"],
    guard: viewer("project"),
    touches: () => everything,
    run: (call: Call, project: JsonValue) => latest(call, [project], listedMax),
  }),
  atomic({
    name: "getProjectActivities",
    parameters: ["project_ids[]"],
    touches: () => everything,
    run: (call: Call, projects: JsonValue) => {
      const ids = listValues(projects)!;
      return ids.every((id) => mayAct(viewer("project"), call, [id])) ? latest(call, ids, listedMax) : forbidden;
    },
  }),
];

/** What a user's own projects have seen. */
export const ownActivityProcedures: readonly Procedure[] = [
  atomic({
    name: "getMyActivityStream",
    parameters: [],
    guard: usersOnly,
    touches: () => everything,
    run: (call: Call) => {
      const own = [...call.store.projects.all()].filter(
        ({ id, is_active }) => is_active === 1 && call.store.isInProject(id, call.userId),
      );
      return latest(
        call,
        own.map(({ id }) => id),
        ownListedMax,
      );
    },
  }),
];

function latest(call: Call, projects: readonly JsonValue[], countMax: number): JsonObject[] {
  const wanted = new Set(projects.map((id) => rowId(id)));
  return [...call.store.activities.all()]
    .filter((activity) => wanted.has(activity.project_id))
    .slice(-countMax)
    .toReversed()
    .filter((activity) => isVisible(call, activity))
    .map((activity) => activityShape(call, activity));
}

/** A comment that is not for the caller is left out, after the count. */
function isVisible(call: Call, { data }: ActivityRow): boolean {
  const comment = data["comment"] as { readonly visibility: string } | undefined;
  return call.user === undefined || comment === undefined || isVisibleTo(call.user.role, comment.visibility);
}

/** The row with its author, then what the event carried, then its wording. */
function activityShape(call: Call, { data, ...row }: ActivityRow): JsonObject {
  const user = call.store.users.find(row.creator_id)!;
  const author = isEmpty(user.name) ? user.username : user.name!;
  const joined = {
    ...row,
    author_username: user.username,
    author_name: user.name,
    email: user.email,
    avatar_path: user.avatar_path,
  };
  return {
    ...joined,
    ...Object.fromEntries(Object.entries(data).filter(([name]) => !(name in joined))),
    author,
    event_title: eventTitle(author, row.event_name, data),
    event_content: eventPage(call, author, row, data),
  };
}

const listedMax = 50;
const ownListedMax = 100;
