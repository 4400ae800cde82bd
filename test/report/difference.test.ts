import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, type JsonValue } from "../../src/base/json.ts";
import { differenceLines } from "../../src/report/difference.ts";

const json = fc.jsonValue() as fc.Arbitrary<JsonValue>;

describe("the difference of expected and actual", () => {
  test("is both of them as they are, when one of them has no parts", () => {
    expect(differenceLines(1, 2, 9)).toEqual(["expected  1", "actual    2"]);
    expect(differenceLines("one card", "none", 9)).toEqual(["expected  one card", "actual    none"]);
    expect(differenceLines("1", 1, 9)).toEqual(['expected  "1"', "actual    1"]);
    expect(differenceLines("done", ["started"], 9)).toEqual(["expected  done", 'actual    ["started"]']);
    expect(differenceLines(undefined, 1, 9)).toEqual(["actual    1"]);
    expect(differenceLines(undefined, undefined, 9)).toEqual([]);
  });

  test("names each leaf that differs, and no other", () => {
    const expected = { cards: [{ lane: 1, open: true }], owner: "ann" };
    const actual = { cards: [{ lane: 2, open: true }, { lane: 9 }], owner: "ann", extra: null };
    expect(differenceLines(expected, actual, 9)).toEqual([
      "- cards[0].lane: 1  (expected)",
      "+ cards[0].lane: 2  (found)",
      '+ cards[1]: {"lane":9}  (found)',
      "+ extra: null  (found)",
    ]);
  });

  test("of lists of plain values is what is missing and what is too much", () => {
    expect(differenceLines(["done", "urgent"], ["done"], 9)).toEqual(['- "urgent"  (expected)']);
    expect(differenceLines(["a", "a"], ["a", "b"], 9)).toEqual(['- "a"  (expected)', '+ "b"  (found)']);
    expect(differenceLines(["a", "b"], ["b", "a"], 9)).toEqual(['- ["a","b"]  (expected)', '+ ["b","a"]  (found)']);
  });

  test("is empty exactly when two containers are equal, and keeps to its length", () => {
    const container = fc.oneof(fc.array(json), fc.dictionary(fc.string(), json));
    fc.assert(
      fc.property(container, container, fc.integer({ min: 1, max: 6 }), (expected, actual, linesMax) => {
        const lines = differenceLines(expected, actual, linesMax);
        expect(lines.length === 0).toBe(canonicalJson(expected) === canonicalJson(actual));
        expect(lines.length).toBeLessThanOrEqual(linesMax + 1);
        expect(differenceLines(expected, expected, linesMax)).toEqual([]);
      }),
    );
  });
});
