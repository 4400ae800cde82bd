import fc from "fast-check";
import { expect, test } from "vitest";
import { equalInConstantTime } from "../../../src/orchestrator/dispatch/token.ts";

test("two secrets are equal when their texts are, and an empty one equals nothing", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (given, expected) => {
      expect(equalInConstantTime(given, expected)).toBe(given === expected && expected !== "");
      expect(equalInConstantTime(expected, expected)).toBe(expected !== "");
      expect(equalInConstantTime(expected + given, expected)).toBe(given === "" && expected !== "");
    }),
  );
});
