import type { JsonValue } from "../../../src/base/json.ts";
import { viewer } from "../authorization.ts";
import type { Call } from "../call.ts";
import { Failure, fatal } from "../failure.ts";
import { toText } from "../php.ts";
import { atomic, type Procedure } from "../procedure.ts";
import { byProject, parseQuery } from "../search.ts";
import { rowId } from "../sqlite.ts";
import type { TaskRow } from "../rows.ts";
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
      const isFound = parseQuery(toText(query), { store, nowS: call.nowS(), userId: call.userId });
      if (isFound instanceof Failure) return isFound;
      return candidates(store, project)
        .filter(isFound)
        .map((task) => taskOverview(store, task));
    },
  }),
];

/** Most callers give a number; anything else may name several projects. */
function candidates(store: Store, project: JsonValue): readonly TaskRow[] {
  return typeof project === "number" && project < 2 ** 31 - 1
    ? store.tasks.of(project)
    : [...store.tasks.all()].filter(byProject(project, store));
}
