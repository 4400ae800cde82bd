import { describe, expect, expectTypeOf, test } from "vitest";
import type { BoardChange as ReportedChange } from "../../../fakes/kanboard/changes.ts";
import type { BoardChange } from "../../../src/history/changes.ts";
import { boardFrom, boardWith, call, dump, nowMs, Request } from "./requests.ts";

const webhook = { url: "http://receiver.test/hook", token: "secret", timeLimitMs: 10_000 };

test("what it reports is what invariants read", () => {
  expectTypeOf<ReportedChange>().toExtend<BoardChange>();
});

describe("webhooks", () => {
  test("go out inside the call, one after the other, named by their event and by the card's reference", () => {
    const board = boardWith(2, { webhook });
    const request = new Request(board, { method: "createTaskLink", params: [1, 2, 1] }).finish();
    expect(request.result).toBe(1);
    expect(request.sent.map(({ name, key, url, timeoutMs }) => [name, key, url, timeoutMs])).toEqual([
      ["webhook.task_internal_link.create_update", "ref-1", "http://receiver.test/hook?token=secret", 10_000],
      ["webhook.task_internal_link.create_update", "ref-2", "http://receiver.test/hook?token=secret", 10_000],
    ]);
  });

  test("are named by the title of a card without a reference", () => {
    const board = boardWith(0, { webhook });
    const request = new Request(board, { method: "createTask", params: { title: "Untold", project_id: 1 } }).finish();
    expect(request.sent.map(({ key }) => key)).toEqual(["Untold"]);
  });

  test("find the change committed, and hold the answer back", () => {
    const board = boardWith(1, { webhook });
    const request = new Request(board, { method: "updateTask", params: { id: 1, title: "new" } });
    while (request.sent.length === 0) request.step();
    expect(call(boardFrom(board.state()), "getTask", [1])).toMatchObject({ title: "new" });
    expect(request.isDone).toBe(false);
  });

  test("stop when the address is taken away", () => {
    const board = boardWith(1, { webhook });
    board.setWebhook(null);
    expect(new Request(board, { method: "closeTask", params: [1] }).finish().sent).toEqual([]);
  });
});

describe("its own failures", () => {
  const initial = boardWith(1).state();
  const close = { method: "closeTask", params: [1] };

  test.each([
    ["unauthorized", 401, { error: { code: 401, message: "Unauthorized" } }, 1],
    ["database-locked", 200, { error: { code: 0 } }, 1],
    ["database-locked-after-effect", 200, { error: { code: 0 } }, 0],
    ["refused", 200, { result: false }, 1],
  ])("%s", (fault, status, reply, isActive) => {
    const board = boardFrom(initial, { webhook });
    const request = new Request(board, { ...close, fault }).finish();
    expect(board.faults).toContain(fault);
    expect([request.response!.status, request.sent]).toEqual([status, []]);
    expect(request.reply).toMatchObject(reply);
    expect(call(boardFrom(board.state()), "getTask", [1])).toMatchObject({ is_active: isActive });
  });
});

describe("a state", () => {
  test("is not touched by the boards that start from it", () => {
    const state = boardWith(2).state();
    const before = dump(boardFrom(state));
    const board = boardFrom(state);
    for (const [method, params] of [
      ["setTaskTags", [1, 1, ["a"]]],
      ["saveTaskMetadata", [1, { k: "v" }]],
      ["createTaskLink", [1, 2, 1]],
      ["moveTaskPosition", [1, 1, 3, 1, 1]],
      ["removeTask", [2]],
    ] as const) {
      call(board, method, params);
    }
    expect(dump(board)).not.toEqual(before);
    expect(dump(boardFrom(state))).toEqual(before);
  });

  test("comes back with a reset", () => {
    const board = boardWith(1);
    const state = board.state();
    const before = dump(board);
    call(board, "closeTask", [1]);
    board.reset(state);
    expect(dump(board)).toEqual(before);
    board.reset();
    expect(board.seed("getAllProjects", [], nowMs)).toEqual([]);
  });
});

test("an automatic action that an event would trigger ends the run and names the place", () => {
  const board = boardWith(1);
  const action = [1, "task.close", "\\Kanboard\\Action\\TaskMoveColumnClosed", { dest_column_id: 4 }];
  expect(call(board, "createAction", action)).toBe(1);
  expect(call(board, "openTask", [1])).toBe(true);
  expect(() => call(board, "closeTask", [1])).toThrow("TaskMoveColumnClosed is not modelled");
});

describe("a method", () => {
  test("that the server has not is answered as the server does", () => {
    expect(new Request(boardWith(0), { method: "getProjectTags", params: [1] }).reply).toMatchObject({
      error: { code: -32_601 },
    });
  });
});

test("answers hand out the same objects again until something changes", () => {
  const board = boardWith(2);
  const first = call(board, "getAllTasks", [1]);
  expect(call(board, "getAllTasks", [1])).toBe(first);
  call(board, "updateTask", { id: 1, title: "new" });
  const second = call(board, "getAllTasks", [1]) as readonly unknown[];
  expect(second).not.toBe(first);
  expect(second[1]).toBe((first as readonly unknown[])[1]);
});
