import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { differences, stateOf, type StateEntries } from "../../tools/live/end-state.ts";

const entries = fc.array(fc.tuple(fc.constantFrom("card A: tags", "card A: comment x", "file b"), fc.string()));

describe("the comparison of two ends", () => {
  test("finds none between two that hold the same, in whatever order it was read", () => {
    const twoOrders = entries.chain((given) => {
      return fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length }));
    });
    fc.assert(
      fc.property(twoOrders, ([left, right]) => {
        expect(differences(stateOf(left), stateOf(right))).toEqual([]);
      }),
    );
  });

  test("finds whatever was added, removed or changed", () => {
    fc.assert(
      fc.property(entries, fc.constantFrom("card A: tags", "new"), fc.string(), (given, name, value) => {
        const more = [...given, [name, value] as const];
        expect(differences(stateOf(given), stateOf(more))).not.toEqual([]);
        expect(differences(stateOf(more), stateOf(given))).not.toEqual([]);
      }),
    );
  });

  test.for<[string, StateEntries, string]>([
    ["is missing", [], "card A: lane: is missing"],
    [
      "is there twice",
      [
        ["card A: lane", "1\n2"],
        ["card A: lane", "1\n2"],
      ],
      "card A: lane: is there 2 times, not 1 times",
    ],
    ["has another line", [["card A: lane", "1\n3"]], 'card A: lane: line 2 is "3", not "2"'],
    ["ends early", [["card A: lane", "1"]], 'card A: lane: line 2 is nothing, not "2"'],
  ])("says what of an entry %s", ([, actual, sentence]) => {
    expect(differences(stateOf([["card A: lane", "1\n2"]]), stateOf(actual))).toEqual([sentence]);
  });
});
