import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertySeed } from "./property-seed.ts";

describe("the seed of properties", () => {
  test("is the one of every change, unless another one is named", () => {
    expect(propertySeed(undefined)).toBe(propertySeed(""));
    expect(propertySeed("-7")).toBe(-7);
    expect(propertySeed(undefined)).not.toBe(propertySeed("7"));
  });

  test.each(["random", "1.5", "0x10", " 7", "1e3", "4294967296"])("is not %j, and says what it must be", (text) => {
    expect(() => propertySeed(text)).toThrow(`STORMLANE_PROPERTY_SEED is "${text}": it must be a whole number`);
  });

  test("is that of each property here, which has the same cases in every run", () => {
    const drawn: number[][] = [];
    for (let time = 0; time < 2; time++) {
      const cases: number[] = [];
      fc.assert(fc.property(fc.integer(), (value) => void cases.push(value)));
      drawn.push(cases);
    }
    expect(drawn[0]).toEqual(drawn[1]);
    expect(fc.readConfigureGlobal().seed).toBe(propertySeed(process.env["STORMLANE_PROPERTY_SEED"]));
  });
});
