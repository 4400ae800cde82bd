import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { medianInterval } from "../../src/trials/order-statistics.ts";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe("the interval of a median", () => {
  test.each([
    // Count, ranks and coverage as in the usual tables of the sign test.
    [6, 1, 6, 0.9688],
    [10, 2, 9, 0.9785],
    [15, 4, 12, 0.9648],
    [20, 6, 15, 0.9586],
    [25, 8, 18, 0.9567],
  ])("of %i values lies between the %i. and the %i.", (count, low, high, coverage) => {
    const interval = medianInterval(upTo(count));
    expect([interval.low, interval.high]).toEqual([low, high]);
    expect(interval.coverage).toBeCloseTo(coverage, 4);
    expect(interval.median).toBe((count + 1) / 2);
  });

  test("of fewer than six values is all of them, and says how much that covers", () => {
    expect(medianInterval(upTo(5))).toEqual({ median: 3, low: 1, high: 5, coverage: expect.closeTo(0.9375, 10) });
    expect(medianInterval([7])).toEqual({ median: 7, low: 7, high: 7, coverage: 0 });
  });

  test("is open above when too many values are only known to be above a cap", () => {
    const { median, low, high } = medianInterval([1, 2, 3, 4, 5, 6, 7, Infinity, Infinity, Infinity]);
    expect([median, low, high]).toEqual([5.5, 2, Infinity]);
    expect(medianInterval([1, Infinity, Infinity]).median).toBe(Infinity);
    expect(medianInterval([Infinity, Infinity]).median).toBe(Infinity);
  });

  test("moves with a monotone transformation, does not care for the order, and holds the median", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 60 }), (values) => {
        const { low, median, high, coverage } = medianInterval(values);
        expect(low).toBeLessThanOrEqual(median);
        expect(high).toBeGreaterThanOrEqual(median);
        expect(medianInterval(values.toReversed())).toEqual({ low, median, high, coverage });
        const cubes = medianInterval(values.map((value) => value ** 3));
        expect([cubes.low, cubes.high]).toEqual([low ** 3, high ** 3]);
      }),
    );
  });
});
