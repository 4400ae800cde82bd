import { describe, expect, test } from "vitest";
import { readCards, readCreated, readTags } from "../../../src/orchestrator/board/rows.ts";

const card = {
  id: 1,
  title: "T",
  description: "",
  reference: "E",
  project_id: 1,
  column_id: 2,
  swimlane_id: 1,
  is_active: 1,
  date_moved: 1_700_000_000,
  date_modification: 1_700_000_000,
};

describe("readCards", () => {
  test("hands a right answer on without a copy", () => {
    const result = [card, { ...card, id: 2 }];
    expect(readCards(result)).toBe(result);
  });

  test("converts the numbers of older servers, and leaves the answer as it was", () => {
    const result = [card, { ...card, id: "2", column_id: "5", description: null }];
    expect(readCards(result)).toEqual([card, { ...card, id: 2, column_id: 5 }]);
    expect(result[1]!.id).toBe("2");
  });

  test("refuses an answer of another shape", () => {
    expect(readCards({})).toBeUndefined();
    expect(readCards([{ ...card, id: "x" }])).toBeUndefined();
    expect(readCards([null])).toBeUndefined();
  });
});

test("readTags reads an object of names, and an empty list as none", () => {
  expect(readTags({ 3: "b", 1: "a" })).toEqual(["a", "b"]);
  expect(readTags([])).toEqual([]);
  expect(readTags(false)).toBeUndefined();
});

test("readCreated tells a refusal from an id", () => {
  expect(readCreated(0)).toBe(false);
  expect(readCreated(false)).toBe(false);
  expect(readCreated(12)).toBe(12);
  expect(readCreated("12")).toBe(12);
  expect(readCreated(true)).toBeUndefined();
});
