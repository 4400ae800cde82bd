import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { idleCalls, undisturbedCalls } from "../bench/board-calls.ts";

/** Of one undisturbed run, admission and confirmation apart. Lane 5 makes three cards, each with fields and a link. */
const callsOfLane: Readonly<Record<number, number>> = {
  2: 8,
  3: 6,
  4: 8,
  5: 20,
  6: 8,
  7: 9,
  8: 6,
  9: 11,
};
/** A single call, but for epics that may be copies. */
const admissionMax = 1;
/** Tags alone: the card was just listed. */
const confirmationMax = 1;

describe("an undisturbed run", () => {
  test("asks the board no more than this in each lane", async () => {
    const { runs } = await inMacrotask(() => undisturbedCalls());
    const most: Record<number, number> = {};
    for (const { lane, calls } of runs) most[lane] = Math.max(most[lane] ?? 0, calls.length);
    expect(most).toEqual(callsOfLane);
  });

  test("reads a card's fields once, and its tags once for each change", async () => {
    const { runs } = await inMacrotask(() => undisturbedCalls());
    for (const { calls } of runs) {
      expect(calls.filter((method) => method === "getTaskMetadata")).toHaveLength(1);
      const changes = calls.filter((method) => method === "setTaskTags").length;
      expect(calls.filter((method) => method === "getTaskTags")).toHaveLength(changes);
      expect(calls.filter((method) => method === "getTask")).toEqual([]);
    }
  });

  test("costs one call before it and one after it", async () => {
    const { runs, others } = await inMacrotask(() => undisturbedCalls());
    const count = (method: string): number => others.filter((each) => each === method).length;
    // A card that people move out of its last lane before its tags were confirmed is looked at there.
    const cards = new Set(runs.map(({ card }) => card)).size;
    expect(count("getTask")).toBeLessThanOrEqual(runs.length * admissionMax + cards);
    expect(count("getTaskTags")).toBeLessThanOrEqual(runs.length * confirmationMax);
    expect(new Set(others)).toEqual(
      new Set(["getProjectByName", "getColumns", "getAllTasks", "getTask", "getTaskTags"]),
    );
    expect(count("getProjectByName")).toBe(1);
  });
});

test("an idle tick is one call, however many cards are finished, completed or failed", async () => {
  const amount = fc.integer({ min: 0, max: 60 });
  await fc.assert(
    fc.asyncProperty(fc.record({ atRest: amount, completed: amount, failed: amount }), async (finished) => {
      const { ticks, calls } = await idleCalls(finished);
      expect(ticks).toBeGreaterThan(50);
      expect(calls).toBe(ticks);
    }),
    { numRuns: 10 },
  );
});
