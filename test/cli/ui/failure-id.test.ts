import fc from "fast-check";
import { expect, test } from "vitest";
import { failureId } from "../../../src/cli/ui/failure-id.ts";

test("is fit for an address and a file name, whatever the signature is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), fc.string(), (signature, scenario, variant) => {
      const id = failureId({ signature, scenario, variant });
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(id.length).toBeLessThanOrEqual(60);
    }),
  );
});

test("tells failures apart that differ only in what it leaves out", () => {
  const keys = ["I2: A/S1", "I2: A S1", "i2: a/s1"].flatMap((signature) => [
    { signature, scenario: "a", variant: "" },
    { signature, scenario: "a", variant: "F1" },
    { signature, scenario: "b", variant: "" },
  ]);
  expect(new Set(keys.map(failureId)).size).toBe(keys.length);
  expect(failureId(keys[0]!)).toMatch(/^i2-a-s1-[0-9a-f]{8}$/);
});
