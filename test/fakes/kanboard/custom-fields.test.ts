import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/base/json.ts";
import { boardWith, call, Request } from "./requests.ts";

const webhook = { url: "http://receiver.test/hook", token: "secret", timeLimitMs: 10_000 };
const fields = [{ name: "dirname" }, { name: "mode", project: 2 }];

describe("custom fields", () => {
  test("are saved empty on every new card, those of other projects too", () => {
    const board = boardWith(0, { customFields: fields });
    expect(call(board, "createTask", ["Card", 1])).toBe(1);
    expect(call(board, "getTaskMetadata", [1])).toEqual({ dirname: "", mode: "" });
  });

  test("that are required make createTask refuse everything in their projects", () => {
    const board = boardWith(0, { customFields: [...fields, { name: "must", project: 2, required: true }] });
    call(board, "createProject", ["Other"]);
    expect(call(board, "createTask", ["Card", 1])).toBe(1);
    expect(call(board, "createTask", ["Card", 2])).toBe(false);
  });

  test("are not asked for by the plugin's own procedure, which has an exact name and is there with the plugin alone", () => {
    const board = boardWith(0, { customFields: [{ name: "must", required: true }] });
    expect(call(board, "createTaskMeta", ["Card", 1])).toBe(1);
    expect(call(board, "getTaskMetadata", [1])).toEqual({});
    for (const [other, method] of [
      [board, "createtaskmeta"],
      [boardWith(0), "createTaskMeta"],
    ] as const) {
      expect(new Request(other, { method, params: ["Card", 1] }).reply).toMatchObject({ error: { code: -32_601 } });
    }
  });

  test("put all that was given into the webhook of a creation", () => {
    const board = boardWith(0, { customFields: fields, webhook });
    const request = new Request(board, { method: "createTask", params: { title: "Card", project_id: 1, tags: ["a"] } });
    const { event_data: data } = request.finish().sent[0]!.body!.json() as { readonly event_data: JsonObject };
    expect(data).toMatchObject({ task_id: 1, title: "Card", project_id: 1, tags: ["a"], swimlane_id: null });
  });

  test("are copied last, over the empty ones", () => {
    const board = boardWith(1);
    board.setCustomFields([...fields, { name: "must", required: true }]);
    call(board, "saveTaskMetadata", [1, { dirname: "app", other: "x" }]);
    expect(call(board, "duplicateTaskToProject", [1, 1])).toBe(2);
    expect(call(board, "getTaskMetadata", [2])).toEqual({ dirname: "app", mode: "", must: "", other: "x" });
  });

  test("can be searched, and are counted", () => {
    const board = boardWith(0, { customFields: fields });
    for (const title of ["One", "Two"]) call(board, "createTask", [title, 1]);
    call(board, "saveTaskMetadata", [2, { dirname: "some/place" }]);
    const found = (query: string): unknown[] =>
      (call(board, "searchTasks", [1, query]) as readonly JsonObject[]).map(({ id, nb_metadata }) => [id, nb_metadata]);
    expect(found("metaval:place")).toEqual([[2, 2]]);
    expect(found("metakey:DIR")).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(found("metakey:none")).toEqual([]);
    const plain = boardWith(1);
    expect(call(plain, "searchTasks", [1, "metakey:dir"])).toEqual([]);
    expect(call(plain, "searchTasks", [1, "Card"])).not.toMatchObject([{ nb_metadata: 0 }]);
  });

  test("fail a creation that is there already when somebody commits in between, and the webhook never goes out", () => {
    const board = boardWith(1, { customFields: fields, webhook });
    const request = new Request(board, { method: "createTask", params: ["Card", 1] });
    while (call(board, "getTask", [2]) === null) request.step();
    request.step();
    call(board, "setTaskTags", [1, 1, ["elsewhere"]]);
    expect(request.reply).toMatchObject({ error: { code: 0 } });
    expect(request.sent).toEqual([]);
    expect(call(board, "getTask", [2])).toMatchObject({ title: "Card" });
  });
});
