import fc from "fast-check";
import { expect, it } from "vitest";
import { deltasOf } from "../../../fakes/llm/deltas.ts";

const text = fc.string({ unit: "binary", maxLength: 60 });

it("puts the text together again, in whole characters of about the size that is asked for", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), (whole, chars) => {
      const deltas = deltasOf(whole, chars);
      expect(deltas.join("")).toBe(whole);
      expect(deltas.every((delta) => delta.isWellFormed())).toBe(true);
      expect(deltas.slice(0, -1).every(({ length }) => length === chars || length === chars + 1)).toBe(true);
    }),
  );
});

it("makes no piece of no text, and none of no size", () => {
  expect(deltasOf("", 3)).toEqual([]);
  expect(() => deltasOf("x", 0)).toThrow("at least one character");
});
