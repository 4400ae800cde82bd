import type { JsonValue } from "../../../src/base/json.ts";
import { viewer } from "../authorization.ts";
import type { Call } from "../call.ts";
import { toText } from "../php.ts";
import { atomic, type Procedure } from "../procedure.ts";
import { parseQuery } from "../search.ts";
import { rowId } from "../sqlite.ts";
import { taskOverview } from "../task-shapes.ts";

export const searchProcedures: readonly Procedure[] = [
  atomic({
    name: "searchTasks",
    parameters: ["project_id", "query"],
    guard: viewer("project"),
    touches: (call: Call, project: JsonValue) => call.statements.readOverview(rowId(project)),
    run: (call: Call, project: JsonValue, query: JsonValue) => {
      const { store } = call;
      const isFound = parseQuery(toText(query), { store, nowS: call.nowS(), userId: call.userId });
      return store.tasks
        .of(rowId(project))
        .filter(isFound)
        .map((task) => taskOverview(store, task));
    },
  }),
];
