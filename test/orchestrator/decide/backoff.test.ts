import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backoffMs } from "../../../src/orchestrator/decide/backoff.ts";

describe("backoffMs", () => {
  test("stays between half and all of the doubled base, and under the cap", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 2, max: 10_000 }),
        fc.nat(),
        (attempt, baseMs, draw) => {
          const capMs = 60_000;
          const fullMs = Math.min(capMs, baseMs * 2 ** Math.min(attempt - 1, 30));
          const delayMs = backoffMs({ baseMs, capMs }, attempt, (bound) => draw % bound);
          expect(delayMs).toBeGreaterThanOrEqual(Math.floor(fullMs / 2));
          expect(delayMs).toBeLessThanOrEqual(fullMs);
        },
      ),
    );
  });

  test("grows with the attempt until the cap", () => {
    const delays = [1, 2, 3, 4, 5].map((attempt) => backoffMs({ baseMs: 1_000, capMs: 8_000 }, attempt, () => 0));
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 4_000]);
  });
});
