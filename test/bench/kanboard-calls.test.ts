import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { procedures } from "../../fakes/kanboard/procedures.ts";
import { boardFrom, boardOf, callsByMethod, columnCount, columnOf, requestFor, serve } from "./kanboard-calls.ts";

const cards = 110;
const state = boardOf(cards);

function reply(method: string, n: number, isEncoded: boolean): JsonObject {
  const request = requestFor(method, callsByMethod[method]!(n, cards), isEncoded);
  return JSON.parse(serve(boardFrom(state), request).body!.text()) as JsonObject;
}

/** Calls of which some rightly find nothing, or have nothing to do. */
const mayBeEmpty: ReadonlySet<string> = new Set(["getOverdueTasks", "getAllTaskLinks", "getAllLinks"]);

test("the board has the cards, columns, references and closed cards that it is said to have", () => {
  const board = boardFrom(state);
  const list = (status: number): readonly JsonObject[] =>
    board.seed("getAllTasks", [1, status], 0) as readonly JsonObject[];
  expect(list(1).length + list(0).length).toBe(cards);
  expect(list(0).map(({ id }) => id)).toEqual([9, 19, 29, 39, 49, 59, 69, 79, 89, 99, 109]);
  expect(board.seed("getColumns", [1], 0)).toHaveLength(columnCount);
  for (const { id, column_id, reference } of list(1)) {
    expect([column_id, reference]).toEqual([columnOf(id as number), `ref-${id as number}`]);
  }
});

describe("each measured call does what its name says", () => {
  test.each(Object.keys(callsByMethod))("%s", (method) => {
    expect(procedures.map(({ name }) => name)).toContain(method);
    for (const n of [0, 1, 2, 3, 49]) {
      const result: JsonValue | undefined = reply(method, n, false)["result"];
      expect(result).toBeDefined();
      expect([false, null, 0]).not.toContain(result);
      if (!mayBeEmpty.has(method)) expect(["[]", "{}", '""']).not.toContain(JSON.stringify(result));
      expect(reply(method, n, true)["result"]).toEqual(result);
    }
  });
});
