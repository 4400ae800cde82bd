import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { geometricMeanRatio, type Pair } from "../../src/trials/geometric-mean.ts";

const over = (...lengths: number[]): Pair["baseline"] => lengths.map((length) => ({ length, isOver: true }));
const options = { horizon: 30, seed: 7 };

describe("the geometric mean of ratios", () => {
  test("of ten times faster and ten times slower is one", () => {
    const pairs = [
      { baseline: over(10), candidate: over(1) },
      { baseline: over(1), candidate: over(10) },
    ];
    const { ratio, low, high } = geometricMeanRatio(pairs, options);
    expect(ratio).toBeCloseTo(1, 12);
    expect(low).toBeCloseTo(0.1, 12);
    expect(high).toBeCloseTo(10, 12);
  });

  test("has no interval to speak of when all subjects agree", () => {
    const pairs = Array.from({ length: 5 }, (_, index) => ({
      baseline: over(5 + index),
      candidate: over((5 + index) / 4),
    }));
    const { ratio, low, high } = geometricMeanRatio(pairs, options);
    for (const value of [ratio, low, high]) expect(value).toBeCloseTo(4, 10);
  });

  test("takes what was not found within the horizon for found there: the ratio is at most the true one", () => {
    const pairs = [{ baseline: [{ length: 30, isOver: false }], candidate: over(0.3) }];
    expect(geometricMeanRatio(pairs, options).ratio).toBeCloseTo(100, 10);
  });

  test("is inverted when the two change places, and its interval holds it", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 29 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(lengths, lengths), { minLength: 1, maxLength: 5 }), (subjects) => {
        const pairs = subjects.map(([baseline, candidate]) => ({
          baseline: over(...baseline),
          candidate: over(...candidate),
        }));
        const { ratio, low, high } = geometricMeanRatio(pairs, options);
        expect(low).toBeLessThanOrEqual(high);
        const inverse = pairs.map(({ baseline, candidate }) => ({ baseline: candidate, candidate: baseline }));
        expect(geometricMeanRatio(inverse, options).ratio).toBeCloseTo(1 / ratio, 8);
      }),
      { numRuns: 10 },
    );
  });

  test("is the same each time for one seed", () => {
    const pairs = [{ baseline: over(3, 9, 27), candidate: over(1, 2, 8) }];
    expect(geometricMeanRatio(pairs, options)).toEqual(geometricMeanRatio(pairs, options));
  });
});
