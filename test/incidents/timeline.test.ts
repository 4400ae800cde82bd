import * as fc from "fast-check";
import { expect, test } from "vitest";
import { timelineOf } from "../../src/incidents/timeline.ts";
import { read, serveLine } from "./read.ts";

const beganS = 1_767_603_600;

/** The same moves, as the board has them and as they arrived, by a clock that goes otherwise. */
function movesByTwoClocks(moves: number, aheadMs: number): Readonly<Record<string, string>> {
  const task = (index: number): object => ({
    id: 1,
    reference: "E1",
    column_position: 2,
    date_moved: beganS + 10 * index,
  });
  const rows = Array.from({ length: moves }, (_, index) => ({
    id: index,
    date_creation: beganS + 10 * index,
    event_name: "task.move.column",
    task_id: 1,
    author_username: "alice",
    task: task(index),
  }));
  const deliveries = rows.map((row, index) =>
    JSON.stringify({
      at: new Date((beganS + 10 * index) * 1_000 + 40 + aheadMs).toISOString(),
      event_name: row.event_name,
      event_data: { task_id: 1, task: row.task },
    }),
  );
  return { "activity.json": JSON.stringify(rows), "hooks.jsonl": deliveries.join("\n") };
}

test("how far two clocks are apart is found from the moments that both logs have", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: -86_400_000, max: 86_400_000 }), (moves, aheadMs) => {
      const { clocks, events } = timelineOf(read(movesByTwoClocks(moves, aheadMs)));
      const isFar = Math.abs(aheadMs + 40) >= 2_000;
      expect(clocks[1]).toMatchObject({ shiftMs: isFar ? -(aheadMs + 40) : 0, commonMoments: moves, spreadMs: 0 });
      expect(events.map(({ atMs }) => atMs)).toEqual(events.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    }),
  );
});

test("a log that shares no moment with others stays as it is, and says so", () => {
  const { clocks } = timelineOf(
    read({
      "activity.json": movesByTwoClocks(1, 0)["activity.json"]!,
      "x.log": '1.2.3.4 - - [05/Jan/2026:10:00:01 +0000] "POST /jsonrpc.php HTTP/1.1" 200 1',
    }),
  );
  expect(clocks.map(({ shiftMs, commonMoments }) => [shiftMs, commonMoments])).toEqual([
    [0, 0],
    [0, 0],
  ]);
});

test("an access log goes by the clock of the board's own logs, whichever is named first", () => {
  const access = '1.2.3.4 - - [05/Jan/2026:09:00:30 +0000] "POST /jsonrpc.php HTTP/1.1" 200 1';
  const logs = { "access.log": access, ...movesByTwoClocks(3, -60_000) };
  const { clocks } = timelineOf(read(logs));
  const shiftOf = (name: string): number => clocks.find(({ source }) => source === name)!.shiftMs;
  expect(shiftOf("hooks.jsonl") - shiftOf("activity.json")).toBe(59_960);
  const created = serveLine("2026-01-05T09:10:00.000Z", "poller-1", "spawn.created", {
    epic: "E1",
    story: "S1",
    cardId: 7,
  });
  const tasks = JSON.stringify([{ id: 7, column_id: 1, is_active: 1, date_creation: beganS, reference: "E1/S1" }]);
  const shifted = timelineOf(read({ "access.log": access, "tasks.json": tasks, "serve.log": created })).clocks;
  expect(shifted.map(({ source, shiftMs }) => [source, shiftMs])).toEqual([
    ["serve.log", 0],
    ["tasks.json", 600_000],
    ["access.log", 600_000],
  ]);
});
