import type { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import type { JsonObject, JsonValue } from "../base/json.ts";

/** The board for people and tests to look at: projects by name, columns with their cards in order, by title and reference. */
export function summariseBoard(board: Kanboard, nowMs: number): JsonObject {
  const call = (method: string, params: JsonObject): readonly JsonObject[] =>
    (board.seed(method, params, nowMs) ?? []) as readonly JsonObject[];
  const value = (method: string, params: JsonObject): JsonValue => board.seed(method, params, nowMs);
  return {
    projects: call("getAllProjects", {}).map((project) => {
      const ids = { project_id: project["id"] as number };
      const cards = [1, 0].flatMap((status) => call("getAllTasks", { ...ids, status_id: status }));
      const columns = call("getColumns", ids);
      return {
        id: project["id"]!,
        name: project["name"]!,
        active: project["is_active"] === 1,
        columns: columns.map((column) => ({
          id: column["id"]!,
          title: column["title"]!,
          cards: cards
            .filter((card) => card["column_id"] === column["id"])
            .toSorted((left, right) => (left["position"] as number) - (right["position"] as number))
            .map((card) => ({
              id: card["id"]!,
              title: card["title"]!,
              reference: card["reference"]!,
              open: card["is_active"] === 1,
              swimlane: card["swimlane_id"]!,
              position: card["position"]!,
              tags: Object.values(value("getTaskTags", { task_id: card["id"]! }) as JsonObject),
              metadata: value("getTaskMetadata", { task_id: card["id"]! }),
            })),
        })),
      };
    }),
    users: call("getAllUsers", {}).map((user) => ({
      id: user["id"]!,
      username: user["username"]!,
      role: user["role"]!,
    })),
  } as JsonObject;
}
