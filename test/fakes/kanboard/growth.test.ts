import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { boardFrom, boardOf, requestFor, serve } from "../../bench/kanboard-calls.ts";

/** What calls cost on a small board and on a large one, counted in rows and nodes that were looked at. */

type Params = JsonObject | readonly JsonValue[];

const small = boardOf(120);
const large = boardOf(4800);

/** The work of one call on a board that starts with a state. */
function workOf(
  state: typeof small,
  method: string,
  params: Params,
): { rows: number; nodes: number; result: JsonValue } {
  const board = boardFrom(state);
  const before = board.work;
  const reply = serve(board, requestFor(method, params, false)).body!.json() as JsonObject;
  const after = board.work;
  return {
    rows: after.rowsVisited - before.rowsVisited,
    nodes: after.nodesVisited - before.nodesVisited,
    result: reply["result"]!,
  };
}

/** More cards make the trees two levels higher, and each level costs some nodes. */
const nodesPerLevel = 60;

describe("a call that is about few cards looks at few, on a board of any size", () => {
  test.each<[string, string, Params]>([
    ["a card by its reference", "getTaskByReference", [1, "ref-77"]],
    ["a card", "getTask", [77]],
    ["a new card at the end of a full column", "createTask", { title: "New", project_id: 1, column_id: 2 }],
    ["a move to the top of a full column", "moveTaskPosition", [1, 60, 2, 1, 1]],
    ["a move within a column", "moveTaskPosition", [1, 60, 5, 2, 1]],
    ["a change of the title", "updateTask", { id: 60, title: "New" }],
    ["a closed card", "closeTask", [60]],
    ["a removed card", "removeTask", [60]],
    ["a card that goes to another project", "moveTaskToProject", [60, 2]],
    ["a copy of a card", "duplicateTaskToProject", [60, 1]],
    ["a search by reference", "searchTasks", [1, "ref:ref-77"]],
    ["a search by id", "searchTasks", [1, "status:open id:77"]],
    ["a search by reference and column", "searchTasks", [1, "column:Ready ref:REF-77"]],
    ["a search by an assignee without cards", "searchTasks", [1, "assignee:admin"]],
    ["a search by a tag that no card has", "searchTasks", [1, "status:open tag:nowhere"]],
    ["overdue cards, when none is due", "getOverdueTasks", []],
  ])("%s", (_what, method, params) => {
    const [few, many] = [workOf(small, method, params), workOf(large, method, params)];
    expect(many.rows).toBeLessThanOrEqual(few.rows + 2);
    expect(many.rows).toBeLessThan(20);
    expect(many.nodes).toBeLessThanOrEqual(few.nodes + 2 * nodesPerLevel);
  });
});

describe("a call that lists cards looks at those that it lists", () => {
  test.each<[string, string, Params]>([
    ["the open cards", "getAllTasks", [1]],
    ["the closed cards", "getAllTasks", [1, 0]],
    ["a search by tag", "searchTasks", [1, "tag:tag-0"]],
    ["a search by column", "searchTasks", [1, "column:Ready"]],
    ["a search by status", "searchTasks", [1, "status:closed"]],
  ])("%s", (_what, method, params) => {
    for (const state of [small, large]) {
      const { rows, result } = workOf(state, method, params);
      const listed = (result as readonly JsonValue[]).length;
      expect(listed).toBeGreaterThan(0);
      expect(rows).toBeLessThanOrEqual(2 * listed);
    }
  });

  test("twice the same list costs nothing", () => {
    const board = boardFrom(large);
    const list = (): JsonValue => serve(board, requestFor("getAllTasks", [1], false)).body!.json()!;
    list();
    const before = board.work.rowsVisited;
    list();
    expect(board.work.rowsVisited).toBe(before);
  });
});

test("a move leaves the rows of the other cards alone until somebody looks", () => {
  const board = boardFrom(large);
  const positionOf = (card: number): JsonValue => {
    const reply = serve(board, requestFor("getTask", [card], false)).body!.json() as { result: JsonObject };
    return reply.result["position"]!;
  };
  const inSecondColumn = [2, 13, 24];
  expect(inSecondColumn.map(positionOf)).toEqual([1, 2, 3]);
  serve(board, requestFor("moveTaskPosition", [1, 60, 2, 2, 1], false));
  expect([...inSecondColumn, 60].map(positionOf)).toEqual([1, 3, 4, 2]);
});
