import { beforeAll, describe, expect, test } from "vitest";
import { blockEvents } from "../../src/history/history.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { runIdle, type IdleResult } from "./idle-run.ts";

const hourMs = 3_600_000;
const idle = (virtualMs: number, days: number[] = []): Promise<IdleResult> =>
  inMacrotask(() => runIdle({ virtualMs, pollIntervalMs: 5_000, pollers: 2, onDay: (day) => days.push(day) }));

beforeAll(() => installGuards());

describe("idle pollers", () => {
  test("call the board at every tick, each of them, until time is up", async () => {
    const result = await idle(6 * hourMs);
    expect(result.end).toMatchObject({ kind: "limit", limit: "virtualMsMax" });
    expect(result.violations).toBe(0);
    expect(result.boardCalls).toBeGreaterThanOrEqual((2 * 6 * hourMs) / 5_000);
  });

  test("leave a history that keeps a window alone", async () => {
    const result = await idle(6 * hourMs);
    expect(result.events).toBeGreaterThan(20 * blockEvents - blockEvents);
    expect(result.eventsKept).toBeLessThanOrEqual(2 * blockEvents);
  });

  test("do the same in every run, and say when a day has gone by", async () => {
    const days: number[] = [];
    const first = await idle(48 * hourMs, days);
    expect(days).toEqual([1, 2]);
    expect(await idle(48 * hourMs)).toEqual(first);
  });
});
