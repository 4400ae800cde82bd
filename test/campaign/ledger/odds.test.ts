import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { standingOf } from "../../../src/campaign/ledger/failure-state.ts";
import type { CodeCount } from "../../../src/campaign/ledger/ledger.ts";
import { cleanByChance, cleanRunsNeeded, rateMaxAfter } from "../../../src/campaign/ledger/odds.ts";

const seen = fc
  .nat(20)
  .chain((hits) => fc.record({ hits: fc.constant(hits), runs: fc.integer({ min: hits, max: 5_000 }) }));

describe("clean runs by chance", () => {
  test("are as likely as each run in turn says by the rule of succession", () => {
    fc.assert(
      fc.property(seen, fc.nat(60), ({ hits, runs }, clean) => {
        let inTurn = 1;
        for (let index = 0; index < clean; index++) inTurn *= 1 - (hits + 1) / (runs + index + 2);
        expect(cleanByChance({ hits, runs }, clean)).toBeCloseTo(inTurn, 10);
      }),
    );
  });

  test("become less likely with each run, and as few are needed as stated", () => {
    fc.assert(
      fc.property(seen, ({ hits, runs }) => {
        const needed = cleanRunsNeeded({ hits, runs }, 0.05);
        expect(cleanByChance({ hits, runs }, needed)).toBeLessThanOrEqual(0.05);
        expect(cleanByChance({ hits, runs }, needed - 1)).toBeGreaterThan(0.05);
      }),
    );
  });

  test("leave a rate of at most about three in so many runs", () => {
    expect(rateMaxAfter(0)).toBe(1);
    expect(rateMaxAfter(1_000) * 1_000).toBeCloseTo(3, 1);
    expect((1 - rateMaxAfter(59)) ** 59).toBeCloseTo(0.05, 10);
  });
});

describe("a failure", () => {
  const count = (code: string, runs: number, hits: number, firstSession?: number): CodeCount => ({
    code,
    runs,
    hits,
    firstSession,
  });
  const now = { code: "b", session: 3 };

  test("is new when the latest campaign saw it first, by whatever code", () => {
    expect(standingOf("C1: x", [count("a", 100, 0), count("b", 100, 5, 3)], now).state).toBe("new");
  });

  test("is ongoing or rare by the rate that the present code shows", () => {
    expect(standingOf("C1: x", [count("b", 999, 1, 2)], now).state).toBe("ongoing");
    expect(standingOf("C1: x", [count("b", 1_000, 1, 2)], now).state).toBe("rare");
    expect(standingOf("C1: x", [count("a", 9, 9, 1), count("b", 5_000, 2, 3)], now).state).toBe("rare");
  });

  test("is resolved once the present code has been clean for long enough, and not before", () => {
    const needed = cleanRunsNeeded({ hits: 4, runs: 1_000 }, 0.05);
    const after = (clean: number) => standingOf("C1: x", [count("a", 1_000, 4, 1), count("b", clean, 0)], now);
    expect(after(needed - 1)).toMatchObject({ state: "ongoing", cleared: { cleanRunsNeeded: needed } });
    expect(after(needed)).toMatchObject({ state: "resolved", cleared: { cleanRuns: needed } });
    expect(after(needed).cleared!.cleanByChance).toBeLessThanOrEqual(0.05);
  });

  test("is judged by the latest code that showed it, and returns from resolved when it is seen again", () => {
    const counts = [count("old", 10, 10, 1), count("a", 2_000, 1, 2), count("b", 50, 0)];
    expect(standingOf("C1: x", counts, now).state).toBe("rare");
    expect(standingOf("C1: x", [count("a", 1_000, 4, 1), count("b", 9_000, 20, 3)], now).state).toBe("ongoing");
  });
});
