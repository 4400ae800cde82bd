import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { logRank } from "../../src/trials/log-rank.ts";
import { restrictedMean, survivalCurve, type Duration } from "../../src/trials/survival.ts";

/** Weeks in remission of 21 patients each. Source: Freireich et al., "The Effect of 6-Mercaptopurine", Blood 1963. */
const treated: readonly Duration[] = [
  ...[6, 6, 6, 7, 10, 13, 16, 22, 23].map((length) => ({ length, isOver: true })),
  ...[6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map((length) => ({ length, isOver: false })),
];
const untreated: readonly Duration[] = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23].map(
  (length) => ({ length, isOver: true }),
);

const durations: fc.Arbitrary<Duration[]> = fc.array(
  fc.record({ length: fc.integer({ min: 1, max: 40 }), isOver: fc.boolean() }),
  { minLength: 1, maxLength: 12 },
);

describe("the survival curve", () => {
  test("of the remissions is the published one", () => {
    expect(survivalCurve(treated).map(({ length, share }) => [length, Number(share.toFixed(3))])).toEqual([
      [6, 0.857],
      [7, 0.807],
      [10, 0.753],
      [13, 0.69],
      [16, 0.627],
      [22, 0.538],
      [23, 0.448],
    ]);
  });
});

describe("the restricted mean", () => {
  test("is the plain mean where everything was over in time", () => {
    expect(restrictedMean(untreated, 35)).toBeCloseTo(182 / 21, 10);
  });

  test("counts what was given up at the horizon with its whole length", () => {
    const capped = [3, 9].map((length) => ({ length, isOver: true })).concat({ length: 30, isOver: false });
    expect(restrictedMean(capped, 30)).toBeCloseTo(14, 10);
    expect(restrictedMean([{ length: 30, isOver: false }], 30)).toBe(30);
  });

  test("is the mean of what each comes to within the horizon when all were watched as long", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 50 }),
        (lengths, horizon) => {
          const watched = lengths.map((length) => ({ length: Math.min(length, horizon), isOver: length <= horizon }));
          const mean = lengths.reduce((sum, length) => sum + Math.min(length, horizon), 0) / lengths.length;
          expect(restrictedMean(watched, horizon)).toBeCloseTo(mean, 8);
        },
      ),
    );
  });

  test("grows when something is given up that was over", () => {
    fc.assert(
      fc.property(durations, fc.nat(11), (all, which) => {
        const changed = all.map((each, index) => (index === which ? { ...each, isOver: false } : each));
        expect(restrictedMean(changed, 40)).toBeGreaterThanOrEqual(restrictedMean(all, 40) - 1e-9);
      }),
    );
  });
});

describe("the log-rank test", () => {
  test("of the remissions has the published statistic", () => {
    const { statistic, p, isExact } = logRank(treated, untreated);
    expect(statistic).toBeCloseTo(16.79, 2);
    expect(isExact).toBe(false);
    // One random split in 24,000 is as extreme, and the observed one counts among 10,000.
    expect(p).toBeLessThan(0.001);
  });

  test("does not care which group is named first, nor for a monotone change of the unit", () => {
    fc.assert(
      fc.property(durations, durations, (first, second) => {
        const test = logRank(first.slice(0, 5), second.slice(0, 5));
        const swapped = logRank(second.slice(0, 5), first.slice(0, 5));
        expect(swapped.statistic).toBeCloseTo(test.statistic, 8);
        expect(swapped.p).toBeCloseTo(test.p, 10);
        const squared = (all: readonly Duration[]): Duration[] =>
          all.slice(0, 5).map(({ length, isOver }) => ({ length: length ** 2, isOver }));
        expect(logRank(squared(first), squared(second)).p).toBeCloseTo(test.p, 10);
      }),
      { numRuns: 30 },
    );
  });

  test("finds nothing in equal groups", () => {
    expect(logRank(treated, treated)).toMatchObject({ statistic: expect.closeTo(0, 10), p: 1 });
    const given = [{ length: 5, isOver: false }];
    expect(logRank(given, given)).toEqual({ statistic: 0, p: 1, isExact: true });
  });
});
