import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseChild, sameReference } from "../../../src/orchestrator/decide/duplicates.ts";

const cards = fc.uniqueArray(
  fc.record({ id: fc.integer({ min: 1, max: 50 }), reference: fc.constantFrom("", "E", "E/1", "E/2") }),
  { selector: (card) => card.id },
);

test("groups hold every card whose reference another card has too, and no other", () => {
  fc.assert(
    fc.property(cards, (all) => {
      const grouped = sameReference(all).flat();
      const expected = all.filter(
        (card) => card.reference !== "" && all.some((other) => other !== card && other.reference === card.reference),
      );
      expect(grouped.toSorted((a, b) => a.id - b.id)).toEqual(expected.toSorted((a, b) => a.id - b.id));
    }),
  );
});

test("exactly one card stays, and a complete one before an older one that is not", () => {
  const group = [{ id: 3 }, { id: 5 }, { id: 8 }].map((card) => ({ ...card, reference: "E/1" }));
  expect(chooseChild(group, ({ id }) => id > 3)).toEqual({ kept: group[1], surplus: [group[0], group[2]] });
  expect(chooseChild(group, () => false).kept).toBe(group[0]);
});
