import fc from "fast-check";
import type { Kanboard } from "../../../fakes/kanboard/kanboard.ts";
import { describe, expect, test } from "vitest";
import { conflicts } from "../../../src/base/footprint.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { boardFrom, boardWith, call, dump, interleave, Request, type Rpc } from "./requests.ts";

const schedule = fc.array(fc.nat(5), { maxLength: 40 });
const locked = { code: 0, message: "SQL Error[HY000]: SQLSTATE[HY000]: General error: 5 database is locked" };

const byCodeUnit = (left: unknown, right: unknown): number => (String(left) < String(right) ? -1 : 1);

describe("setTaskTags", () => {
  const setTags = (tags: readonly string[]): Rpc => ({ method: "setTaskTags", params: [1, 1, tags] });
  const initial = boardWith(1).state();

  test("keeps both sets when two writers read before either wrote", () => {
    const board = boardFrom(initial);
    const [left, right] = [new Request(board, setTags(["a"])), new Request(board, setTags(["b"]))];
    left.step();
    right.step();
    expect([left.result, right.result]).toEqual([true, true]);
    expect(Object.values(call(board, "getTaskTags", [1]) as JsonObject)).toEqual(["a", "b"]);
  });

  test("replaces the set of a writer that finished before", () => {
    const board = boardFrom(initial);
    for (const tags of [["a"], ["b"]]) new Request(board, setTags(tags)).finish();
    expect(call(board, "getTaskTags", [1])).toEqual({ 2: "b" });
  });

  test("loses an update that was made from the same read", () => {
    const board = boardFrom(initial);
    call(board, "setTaskTags", [1, 1, ["base"]]);
    interleave(board, [setTags(["base", "a"]), setTags(["base", "b"])], []);
    expect(Object.values(call(board, "getTaskTags", [1]) as JsonObject)).toEqual(["base", "b"]);
  });

  test("answers false to one of two writers that create the same tag", () => {
    const board = boardFrom(initial);
    const [left, right] = [new Request(board, setTags(["new"])), new Request(board, setTags(["new"]))];
    left.step();
    right.step();
    expect([left.result, right.result]).toEqual([true, false]);
  });

  test("leaves no tag that nobody wanted once a writer got through, and reports what others see at the end", () => {
    const tags = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { maxLength: 3 });
    fc.assert(
      fc.property(tags, fc.array(tags, { minLength: 2, maxLength: 3 }), schedule, (before, wanted, choices) => {
        const board = boardFrom(initial);
        call(board, "setTaskTags", [1, 1, before]);
        const requests = interleave(board, wanted.map(setTags), choices);
        const left = Object.values(call(board, "getTaskTags", [1]) as JsonObject);
        const isWanted = left.every((tag) => wanted.some((set) => (set as readonly unknown[]).includes(tag)));
        if (requests.some((request) => request.result === true)) expect(isWanted).toBe(true);
        const changes = requests.flatMap((request) => request.changes);
        if (changes.length > 0)
          expect(changes.map((change) => JSON.stringify(change))).toContain(
            JSON.stringify({ store: "board", type: "tags.set", card: 1, tags: left.toSorted(byCodeUnit) }),
          );
      }),
    );
  });
});

describe("a transaction that reads before it writes", () => {
  const initial = boardWith(3).state();
  const transactions: readonly Rpc[] = [
    { method: "saveTaskMetadata", params: [1, { owner: "a" }] },
    { method: "moveTaskPosition", params: [1, 1, 2, 1, 1] },
    { method: "createTaskLink", params: [1, 2, 1] },
  ];

  test.each(transactions)("fails at once when somebody commits in between: $method", (rpc) => {
    const board = boardFrom(initial);
    const request = new Request(board, rpc);
    while (!request.touches.some(({ id, rw }) => id === "board:snapshot" && rw === "w")) request.step();
    request.step();
    call(board, "updateTask", { id: 3, title: "elsewhere" });
    const between = dump(board);
    expect(request.reply["error"]).toEqual(locked);
    expect(dump(board)).toEqual(between);
    expect(request.changes).toEqual([]);
  });

  test.each<Rpc>([
    { method: "saveProjectMetadata", params: [1, { owner: "a" }] },
    { method: "updateTaskLink", params: [1, 1, 3, 2] },
    { method: "removeTaskLink", params: [1] },
    { method: "duplicateTaskToProject", params: [1, 1] },
  ])("is part of $method, too", (rpc) => {
    const board = boardFrom(initial);
    call(board, "createTaskLink", [1, 2, 1]);
    call(board, "createSubtask", [1, "part"]);
    const request = new Request(board, rpc);
    while (!request.touches.some(({ id, rw }) => id === "board:snapshot" && rw === "w")) request.step();
    request.step();
    call(board, "updateTask", { id: 3, title: "elsewhere" });
    expect(request.reply["error"]).toEqual(locked);
    expect(request.sent).toEqual([]);
  });

  test.each(transactions)("goes through when others only read: $method", (rpc) => {
    const board = boardFrom(initial);
    const [request] = interleave(
      board,
      [rpc, { method: "getBoard", params: [1] }, { method: "getTask", params: [1] }],
      [0, 1, 2, 1, 2],
    );
    expect(request!.reply["error"]).toBeUndefined();
  });

  test("changes nothing when it fails, whoever comes in between", () => {
    const rpc = fc.constantFrom<Rpc>(...transactions, { method: "saveTaskMetadata", params: [1, { owner: "b" }] });
    fc.assert(
      fc.property(fc.array(rpc, { minLength: 2, maxLength: 4 }), schedule, (rpcs, choices) => {
        const requests = interleave(boardFrom(initial), rpcs, choices);
        const failed = requests.filter((request) => request.reply["error"] !== undefined);
        expect(failed.length).toBeLessThan(requests.length);
        for (const request of failed) expect([request.changes, request.sent]).toEqual([[], []]);
      }),
    );
  });
});

describe("positions", () => {
  const initial = boardWith(5).state();
  const move = fc.record({
    card: fc.integer({ min: 1, max: 5 }),
    column: fc.integer({ min: 1, max: 4 }),
    position: fc.integer({ min: 1, max: 7 }),
  });

  const moveAll = (
    moves: readonly { card: number; column: number; position: number }[],
    choices: readonly number[],
  ): number[][] => {
    const board = boardFrom(initial);
    const rpcs = moves.map(({ card, column, position }) => ({
      method: "moveTaskPosition",
      params: [1, card, column, position, 1],
    }));
    interleave(board, rpcs, choices);
    const tasks = call(board, "getAllTasks", [1]) as unknown as readonly { column_id: number; position: number }[];
    return [1, 2, 3, 4].map((column) =>
      tasks
        .filter((task) => task.column_id === column)
        .map((task) => task.position)
        .toSorted((left, right) => left - right),
    );
  };

  test("are 1, 2, 3 and so on in every column after any moves, one after the other", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 8 }), (moves) => {
        for (const positions of moveAll(moves, [])) expect(positions).toEqual(positions.map((_, index) => index + 1));
      }),
    );
  });

  test("are all different after moves at once; a card that was moved twice may leave a gap", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 6 }), schedule, (moves, choices) => {
        for (const positions of moveAll(moves, choices)) expect(new Set(positions).size).toBe(positions.length);
      }),
    );
  });

  test("collide when two cards are created at once", () => {
    const board = boardFrom(initial);
    const create = { method: "createTask", params: { title: "new", project_id: 1 } };
    const requests = interleave(board, [create, create], [0, 1]);
    expect(requests.map((request) => request.result)).toEqual([6, 7]);
    const created = (call(board, "getAllTasks", [1]) as readonly JsonObject[]).slice(5);
    expect(created.map((task) => task["position"])).toEqual([6, 6]);
  });
});

describe("a copy", () => {
  test("is seen by others before its tags, links and metadata are there", () => {
    const board = boardWith(1);
    board.setCustomFields([{ name: "dirname", required: true }]);
    expect(call(board, "createTask", { title: "refused", project_id: 1 })).toBe(false);
    call(board, "setTaskTags", [1, 1, ["tag"]]);
    call(board, "saveTaskMetadata", [1, { dirname: "app" }]);
    const request = new Request(board, { method: "duplicateTaskToProject", params: [1, 1] });
    const stages: string[] = [];
    const look = (): string => {
      const has = (method: string): boolean =>
        Object.values(call(board, method, [2]) as JsonObject).some((value) => value !== "");
      const parts = [call(board, "getTask", [2]) === null ? "" : "card"];
      for (const [method, part] of [
        ["getTaskTags", "tags"],
        ["getAllTaskLinks", "link"],
        ["getTaskMetadata", "metadata"],
      ] as const) {
        if (has(method)) parts.push(part);
      }
      return parts.join(" ");
    };
    while (!request.isDone) {
      const stage = look();
      if (stages.at(-1) !== stage) stages.push(stage);
      request.step();
    }
    stages.push(look());
    expect(stages).toEqual(["", "card", "card tags", "card tags link", "card tags link metadata"]);
    expect(request.result).toBe(2);
  });
});

describe("footprints", () => {
  const card = fc.integer({ min: 1, max: 4 });
  const text = fc.constantFrom("a", "b", "c");
  const rpc: fc.Arbitrary<Rpc> = fc.oneof(
    fc.record({
      method: fc.constantFrom(
        "getTask",
        "getTaskTags",
        "getTaskMetadata",
        "getAllTaskLinks",
        "getAllComments",
        "closeTask",
        "openTask",
        "removeTask",
      ),
      params: fc.tuple(card),
    }),
    fc.record({
      method: fc.constantFrom("getAllTasks", "getBoard", "getColumns", "getTagsByProject"),
      params: fc.constant([1]),
    }),
    fc.record({
      method: fc.constant("setTaskTags"),
      params: fc.tuple(fc.constant(1), card, fc.array(text, { maxLength: 2 })),
    }),
    fc.record({ method: fc.constant("saveTaskMetadata"), params: fc.tuple(card, fc.record({ k: text })) }),
    fc.record({ method: fc.constant("updateTask"), params: fc.record({ id: card, title: text }) }),
    fc.record({
      method: fc.constant("moveTaskPosition"),
      params: fc.tuple(fc.constant(1), card, card, fc.constant(1), fc.constant(1)),
    }),
    fc.record({ method: fc.constant("createTaskLink"), params: fc.tuple(card, card, fc.constant(1)) }),
    fc.record({ method: fc.constant("createComment"), params: fc.tuple(card, fc.constant(0), text) }),
    fc.record({
      method: fc.constant("createTaskFile"),
      params: fc.tuple(fc.constant(1), card, text, fc.constant("aGk=")),
    }),
    fc.record({ method: fc.constant("createSubtask"), params: fc.tuple(card, text) }),
    fc.record({
      method: fc.constant("createTask"),
      params: fc.record({ title: text, project_id: fc.constant(1), tags: fc.array(text, { maxLength: 1 }) }),
    }),
    fc.record({ method: fc.constant("duplicateTaskToProject"), params: fc.tuple(card, fc.constant(1)) }),
    fc.record({ method: fc.constantFrom("getTaskByReference"), params: fc.constant([1, "ref-2"]) }),
    fc.record({ method: fc.constant("addColumn"), params: fc.tuple(fc.constant(1), text) }),
    fc.record({ method: fc.constant("removeTag"), params: fc.constant([1]) }),
    fc.record({ method: fc.constant("updateTag"), params: fc.constant([1, "renamed"]) }),
  );
  const webhook = { url: "http://receiver.test/hook", token: "x", timeLimitMs: 10_000 };
  const seeded = boardWith(3);
  seeded.seed("setTaskTags", [1, 1, ["a"]], 0);
  seeded.seed("createTaskLink", [1, 2, 1], 0);
  const initial = seeded.state();

  const start = (hasWebhook: boolean): Kanboard => boardFrom(initial, hasWebhook ? { webhook } : {});
  const stepsOf = (each: Rpc, hasWebhook: boolean): number => {
    const request = new Request(start(hasWebhook), each);
    let steps = 0;
    for (; !request.isDone; steps++) request.step();
    return steps;
  };
  const advance = (request: Request, steps: number): void => {
    for (let step = 0; step < steps && !request.isDone; step++) request.step();
  };

  test("tell every pair of steps whose order matters: two steps without a conflict commute", () => {
    fc.assert(
      fc.property(fc.tuple(rpc, rpc), fc.nat(30), fc.nat(30), fc.boolean(), (rpcs, first, second, hasWebhook) => {
        const run = (isSwapped: boolean): JsonValue | undefined => {
          const board = start(hasWebhook);
          const [left, right] = rpcs.map((each) => new Request(board, each)) as [Request, Request];
          advance(left, first % stepsOf(rpcs[0], hasWebhook));
          advance(right, second % stepsOf(rpcs[1], hasWebhook));
          if (left.isDone || right.isDone || conflicts(left.touches, right.touches)) return undefined;
          const pair = isSwapped ? [right, left] : [left, right];
          for (const request of pair) request.step();
          // Whatever comes after must find the same world.
          left.finish();
          right.finish();
          const webhooks = [left, right].map(({ sent }) => sent.map((request) => request.body!.json()!));
          return [left.reply, right.reply, webhooks, dump(board)];
        };
        expect(run(true)).toEqual(run(false));
      }),
      { numRuns: 3000 },
    );
  });
});
