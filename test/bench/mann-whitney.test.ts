import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mannWhitneyP } from "../../src/bench/mann-whitney.ts";

/** Of all ways to choose the first group among the values, the share that is as lopsided as this one. */
function byEnumeration(first: readonly number[], second: readonly number[]): number {
  const all = [...first, ...second];
  const lopsidedness = (chosen: readonly number[], others: readonly number[]): number => {
    const below = chosen.reduce((sum, left) => sum + others.filter((right) => left < right).length, 0);
    return Math.abs(below - (chosen.length * others.length) / 2);
  };
  const limit = lopsidedness(first, second);
  let count = 0;
  let lopsided = 0;
  for (let bits = 0; bits < 2 ** all.length; bits++) {
    const isChosen = (index: number): boolean => Math.floor(bits / 2 ** index) % 2 === 1;
    const chosen = all.filter((_, index) => isChosen(index));
    if (chosen.length !== first.length) continue;
    count++;
    const others = all.filter((_, index) => !isChosen(index));
    if (lopsidedness(chosen, others) >= limit) lopsided++;
  }
  return lopsided / count;
}

const distinct = fc.uniqueArray(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 2, maxLength: 8 });

describe("Mann and Whitney's test", () => {
  test("is what all orders of the values say", () => {
    fc.assert(
      fc.property(distinct, fc.nat(), (values, at) => {
        const size = 1 + (at % (values.length - 1));
        const [first, second] = [values.slice(0, size), values.slice(size)];
        expect(mannWhitneyP(first, second)).toBeCloseTo(byEnumeration(first, second), 12);
      }),
    );
  });

  test("has the 5 % points of the tables: U of 2 for 5 and 5, of 127 for 20 and 20", () => {
    const withU = (size: number, u: number): number => {
      // The first group lies below the second, but for one value of it that is passed by u of them.
      const first = Array.from({ length: size }, (_, index) => index);
      const second = Array.from({ length: size }, (_, index) => size + index + 0.5);
      let left = u;
      for (let index = size - 1; index >= 0 && left > 0; index--) {
        const passed = Math.min(left, size);
        first[index] = size + passed + index * 1e-6;
        left -= passed;
      }
      return mannWhitneyP(first, second);
    };
    expect(withU(5, 2)).toBeCloseTo(8 / 252, 12);
    expect([withU(5, 2) < 0.05, withU(5, 3) < 0.05]).toEqual([true, false]);
    expect([withU(20, 127) < 0.05, withU(20, 128) < 0.05]).toEqual([true, false]);
  });

  test("is near to that with ties, and with many values", () => {
    const shifted = (by: number): number[] => Array.from({ length: 60 }, (_, index) => index * 7.3 + by);
    // U is 30 below its mean of 1800: z of 29.5 / sqrt(300 * 121).
    expect(mannWhitneyP(shifted(0), shifted(0.1))).toBeCloseTo(0.877, 3);
    expect(mannWhitneyP(shifted(0), shifted(200))).toBeLessThan(1e-6);
    expect(mannWhitneyP([3, 3, 3], [3, 3, 3, 3])).toBe(1);
    expect(mannWhitneyP([1, 1, 2, 2, 2, 3], [2, 3, 3, 3, 4, 4])).toBeGreaterThan(0.01);
    expect(mannWhitneyP([1, 1, 2, 2, 2, 3], [2, 3, 3, 3, 4, 4])).toBeLessThan(0.05);
  });

  test("does not depend on the order of the groups, or on how far the values lie apart", () => {
    const values = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, values, (first, second) => {
        const p = mannWhitneyP(first, second);
        expect(mannWhitneyP(second, first)).toBeCloseTo(p, 12);
        const stretched = [first, second].map((group) => group.map((value) => value ** 5));
        expect(mannWhitneyP(stretched[0]!, stretched[1]!)).toBeCloseTo(p, 12);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });
});
