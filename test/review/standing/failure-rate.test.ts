import * as fc from "fast-check";
import { expect, test } from "vitest";
import { failureRateMax } from "../../../src/review/standing/failure-rate.ts";

test("is the known bound where nothing failed: three in a thousand runs", () => {
  expect(failureRateMax({ failures: 0, runs: 1_000 })).toBeCloseTo(0.002_991_25, 7);
  expect(failureRateMax({ failures: 0, runs: 0 })).toBe(1);
  expect(failureRateMax({ failures: 5, runs: 5 })).toBe(1);
});

/** From tables of the exact one-sided bound. */
test.each([
  [1, 10, 0.394_163],
  [2, 20, 0.282_619],
  [5, 100, 0.102_253],
])("is the tabulated bound for %i failures in %i runs", (failures, runs, bound) => {
  expect(failureRateMax({ failures, runs })).toBeCloseTo(bound, 5);
});

test("leaves so few failures a chance of 5 %, whatever the counts", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(), (runs, pick) => {
      const failures = pick % runs;
      const rate = failureRateMax({ failures, runs });
      expect(chanceOfSoFew(rate, failures, runs)).toBeCloseTo(0.05, 6);
    }),
  );
});

test("falls with more runs, and rises with more failures", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 10_000 }), fc.nat(), (runs, pick) => {
      const failures = pick % (runs - 1);
      const rate = failureRateMax({ failures, runs });
      expect(failureRateMax({ failures, runs: runs + 1 })).toBeLessThan(rate);
      expect(failureRateMax({ failures: failures + 1, runs })).toBeGreaterThan(rate);
    }),
  );
});

/** Term by term, each from the one before. */
function chanceOfSoFew(rate: number, failures: number, runs: number): number {
  let term = Math.exp(runs * Math.log1p(-rate));
  let sum = term;
  for (let hits = 1; hits <= failures; hits++) {
    term *= ((runs - hits + 1) / hits) * (rate / (1 - rate));
    sum += term;
  }
  return sum;
}
