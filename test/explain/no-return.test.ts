import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findNoReturn } from "../../src/explain/no-return.ts";

/** Fails for all draws from `sureFrom` on, and before that for the first `failingOfFive` of each five. */
function search(
  steps: number,
  sureFrom: number,
  { failingOfFive = 2, runsMax = 10_000, points = 0 } = {},
): { readonly found: ReturnType<typeof findNoReturn>; readonly runs: number } {
  let runs = 0;
  const found = findNoReturn({
    steps,
    continuations: 8,
    points,
    continuation: (step, draw) => {
      if (runs === runsMax) return undefined;
      runs++;
      return step >= sureFrom || draw % 5 < failingOfFive ? "failing" : "holding";
    },
  });
  return { found, runs };
}

describe("the step of no return", () => {
  test("is the first from which every continuation fails, found in few runs, the one before it shown to be none", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(), fc.integer({ min: 0, max: 4 }), (steps, at, share) => {
        const sureFrom = at % (steps + 1);
        const { found, runs } = search(steps, sureFrom, { failingOfFive: share });
        expect(found).toMatchObject({ step: sureFrom, stepBefore: sureFrom - 1, isMonotone: true });
        expect(runs).toBeLessThan(200);
      }),
    );
  });

  test("is tried harder before it is told: luck of eight is not enough", () => {
    const found = findNoReturn({
      steps: 100,
      continuations: 8,
      points: 0,
      // From step 20 on only the twelfth draw holds.
      continuation: (step, draw) => (step >= 70 || (step >= 20 && draw !== 11) ? "failing" : "holding"),
    });
    expect(found).toMatchObject({ step: 70, stepBefore: 69 });
    expect(found!.shareMin).toBeCloseTo(0.05 ** (1 / 24));
  });

  test("is an interval when the runs allowed end first, and nothing when they end at once", () => {
    const { found, runs } = search(1_000, 700, { runsMax: 40 });
    expect(runs).toBe(40);
    expect(found!.stepBefore).toBeLessThan(700);
    expect(found!.step).toBeGreaterThanOrEqual(700);
    expect(search(1_000, 0, { runsMax: 3 }).found).toBeUndefined();
  });

  test("tells the share on the way, at as many steps as asked for", () => {
    const { found } = search(100, 80, { failingOfFive: 2, points: 4 });
    expect(found!.shares.filter(({ step }) => step % 20 === 0 && step < 80)).toMatchObject([
      { step: 0, failing: 4, holding: 4 },
      { step: 20, failing: 4, holding: 4 },
      { step: 40, failing: 4, holding: 4 },
      { step: 60, failing: 4, holding: 4 },
    ]);
  });

  test("says so when an earlier step was as hopeless, which bisection takes to be impossible", () => {
    const found = findNoReturn({
      steps: 100,
      continuations: 8,
      points: 0,
      continuation: (step) => (step === 47 || step >= 50 ? "failing" : "holding"),
    });
    expect(found).toMatchObject({ step: 50, isMonotone: false });
  });

  test("counts what ended in another failure for neither side", () => {
    const found = findNoReturn({
      steps: 10,
      continuations: 8,
      points: 0,
      continuation: (step, draw) => (draw % 2 === 0 ? "other" : step >= 5 ? "failing" : "holding"),
    });
    expect(found).toMatchObject({ step: 5, stepBefore: 4 });
    expect(found!.shares.find(({ step }) => step === 5)).toMatchObject({ failing: 12, holding: 0, other: 12 });
  });
});
