import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { freshRecord, parseRecord, serialiseRecord } from "../../../src/orchestrator/runs/run-record.ts";
import { livingChildren } from "../../../src/orchestrator/runs/run-records.ts";

const cause = { cardId: 7, lane: 5, dateMoved: 1_700_000_000 };

describe("a run record", () => {
  test("is the same after it was written and read", () => {
    const record = { ...freshRecord(cause, "EPIC-1"), attempts: 3, intents: { "copy:S1": true }, confirmAfterMs: 5 };
    expect(parseRecord(serialiseRecord(record), cause)).toEqual(record);
  });

  test("is not read from a part of itself", () => {
    const text = serialiseRecord(freshRecord(cause, "EPIC-1")).trimEnd();
    for (let length = 0; length < text.length; length++)
      expect(parseRecord(text.slice(0, length), cause)).toBeUndefined();
  });

  test("is not read for another cause", () => {
    const text = serialiseRecord(freshRecord(cause, "EPIC-1"));
    expect(parseRecord(text, { ...cause, dateMoved: cause.dateMoved + 1 })).toBeUndefined();
  });

  test("is never read from JSON of another shape", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseRecord(JSON.stringify(value), cause)).toBeUndefined();
      }),
    );
  });
});

test("children that were seen to end are not living, and a line that was cut short names nobody", () => {
  expect(livingChildren("+100\n+200\n-100\n+3")).toEqual([200]);
  expect(livingChildren("+100\n-10")).toEqual([100]);
  expect(livingChildren("")).toEqual([]);
  expect(livingChildren("+0\n+-5\nx\n+12 13\n")).toEqual([]);
});
