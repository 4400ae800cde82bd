import type { JsonValue } from "../../../src/base/json.ts";
import { viewer } from "../authorization.ts";
import type { Call, Shape } from "../call.ts";
import { Failure, fatal } from "../failure.ts";
import { toText } from "../php.ts";
import { atomic, type Procedure } from "../procedure.ts";
import { byProject, parseQuery } from "../search.ts";
import { rowId } from "../sqlite.ts";
import type { Store } from "../store.ts";
import { taskOverview } from "../task-shapes.ts";

export const searchProcedures: readonly Procedure[] = [
  atomic({
    name: "searchTasks",
    parameters: ["project_id", "query"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.readOverview(rowId(project)),
    run: (call: Call, project: JsonValue, query: JsonValue) => {
      const { store } = call;
      if (typeof query === "object" && query !== null) return fatal;
      const searched = typeof project === "number" && project < 2 ** 31 - 1 ? project : undefined;
      const found = parseQuery(toText(query), {
        store,
        nowS: call.nowS(),
        userId: call.userId,
        project: searched,
        hasCustomFields: call.installation.customFields !== undefined,
      });
      if (found instanceof Failure) return found;
      const isSearched = byProject(project, store);
      const shapes: Shape[] = [];
      for (const id of found.candidates ?? all(store, searched)) {
        const task = store.tasks.glance(id);
        if (task === undefined || !isSearched(task) || !found.isFound(task)) continue;
        shapes.push(taskOverview(call, store.tasks.find(id)!));
      }
      return shapes;
    },
  }),
];

/** Ids of all cards of a project. Most callers give a number; anything else may name several projects. */
function all(store: Store, project: number | undefined): readonly number[] {
  return project === undefined ? [...store.tasks.all()].map(({ id }) => id) : store.tasks.idsOf(project);
}
