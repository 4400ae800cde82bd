import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holm } from "../../src/trials/holm.ts";
import { mannWhitney } from "../../src/trials/mann-whitney.ts";

const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(Infinity)), {
  minLength: 1,
  maxLength: 6,
});

describe("the Mann-Whitney test", () => {
  test("counts the pairs of the race of six tortoises and six hares", () => {
    // T H H H H H T T T T T H, the winner first: a place is better the smaller it is.
    const tortoises = [1, 7, 8, 9, 10, 11];
    const hares = [2, 3, 4, 5, 6, 12];
    expect(mannWhitney(hares, tortoises).statistic).toBe(11);
    expect(mannWhitney(tortoises, hares).statistic).toBe(25);
  });

  test("has the p of the tables for two groups of five that lie apart", () => {
    const { p, isExact } = mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, Infinity]);
    expect(p).toBeCloseTo(2 / 252, 12);
    expect(isExact).toBe(true);
  });

  test("is symmetric, and the same after a monotone transformation", () => {
    fc.assert(
      fc.property(values, values, (first, second) => {
        const { statistic, p } = mannWhitney(first, second);
        const swapped = mannWhitney(second, first);
        expect(swapped.p).toBeCloseTo(p, 12);
        expect(statistic + swapped.statistic).toBe(first.length * second.length);
        const moved = mannWhitney(
          first.map((value) => value * 3 + 1),
          second.map((value) => value * 3 + 1),
        );
        expect(moved).toEqual(mannWhitney(first, second));
      }),
      { numRuns: 50 },
    );
  });

  test("takes groups that were dealt at random for different in at most the share that the level allows", () => {
    // All deals of 6 distinct values into two threes: exactly the p values below a level are the rejections.
    const deals: number[] = [];
    for (let bits = 0; bits < 64; bits++) {
      const first = [0, 1, 2, 3, 4, 5].filter((index) => (bits >> index) % 2 === 1);
      if (first.length !== 3) continue;
      deals.push(
        mannWhitney(
          first,
          [0, 1, 2, 3, 4, 5].filter((index) => !first.includes(index)),
        ).p,
      );
    }
    for (const level of [0.1, 0.2, 0.4, 0.7]) {
      expect(deals.filter((p) => p <= level).length / deals.length).toBeLessThanOrEqual(level);
    }
  });

  test("comes to the same p by random splits, within their error", () => {
    const first = [1, 4, 6, 7, 9, 12, 13, 15, 16, 19, 22];
    const second = [2, 3, 5, 8, 10, 11, 14, 17, 18, 20, 21];
    const { statistic, p, isExact } = mannWhitney(first, second);
    expect(isExact).toBe(false);
    expect(statistic).toBe(58);
    // The normal limit with its correction for continuity: 2 from the middle, at a standard deviation of 15.23.
    expect(Math.abs(p - 0.8955)).toBeLessThan(0.015);
    expect(mannWhitney(first, second)).toEqual(mannWhitney(first, second));
  });
});

describe("Holm's correction", () => {
  test("multiplies the smallest by their number, the next by one less, and never lets one fall below its forerunner", () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((p, index) => expect(adjusted[index]).toBeCloseTo(p, 12));
  });

  test("lies between the p itself and Bonferroni's, and keeps the order", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (ps) => {
        const adjusted = holm(ps);
        ps.forEach((p, index) => {
          expect(adjusted[index]).toBeGreaterThanOrEqual(p);
          expect(adjusted[index]).toBeLessThanOrEqual(Math.min(1, p * ps.length) + 1e-12);
          ps.forEach((other, at) => {
            if (p < other) expect(adjusted[index]).toBeLessThanOrEqual(adjusted[at]!);
          });
        });
      }),
    );
  });
});
