import fc from "fast-check";
import { expect, test } from "vitest";
import { CircuitBreaker } from "../../../src/orchestrator/llm/circuit-breaker.ts";

const limits = { failuresMax: 3, openMs: 1_000 };

test("after failures in a row nobody may ask for a while, then one may, and its end decides", () => {
  const breaker = new CircuitBreaker(limits);
  expect([breaker.failed(0), breaker.failed(0), breaker.failed(100)]).toEqual([false, false, true]);
  expect(breaker.enter(600)).toBe(500);
  expect(breaker.enter(1_100)).toBe(0);
  expect(breaker.enter(1_100)).toBeGreaterThan(0);
  expect(breaker.failed(1_200)).toBe(false);
  expect(breaker.enter(1_300)).toBe(900);
  expect(breaker.enter(2_200)).toBe(0);
  expect(breaker.worked()).toBe(true);
  expect(breaker.enter(2_200)).toBe(0);
  expect(breaker.worked()).toBe(false);
});

test("whoever gives up by himself leaves the trial to the next", () => {
  const breaker = new CircuitBreaker(limits);
  for (let failure = 0; failure < 3; failure++) breaker.failed(0);
  expect(breaker.enter(1_000)).toBe(0);
  breaker.gaveUp();
  expect(breaker.enter(1_000)).toBe(0);
});

test("it is never shut for good, and shut only after so many failures in a row", () => {
  const step = fc.record({ waitMs: fc.nat(1_500), works: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const breaker = new CircuitBreaker(limits);
      let nowMs = 0;
      let inARow = 0;
      for (const { waitMs, works } of steps) {
        nowMs += waitMs;
        const awayMs = breaker.enter(nowMs);
        expect(awayMs).toBeLessThanOrEqual(limits.openMs);
        if (awayMs > 0) {
          expect(inARow).toBeGreaterThanOrEqual(limits.failuresMax);
          continue;
        }
        if (works) breaker.worked();
        else breaker.failed(nowMs);
        inARow = works ? 0 : inARow + 1;
      }
      expect(breaker.enter(nowMs + limits.openMs)).toBe(0);
    }),
  );
});
