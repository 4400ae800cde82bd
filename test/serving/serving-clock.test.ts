import * as fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { ServingClock, type ServingClockOptions } from "../../src/serving/serving-clock.ts";

function clockOf(options: ServingClockOptions): ServingClock {
  const clock = new ServingClock(options);
  onTestFinished(() => clock.close());
  return clock;
}

/** Resolves with the clock's own time. */
function wait(clock: ServingClock, durationMs: number): Promise<number> {
  return new Promise((resolve) => clock.at(clock.elapsedMs() + durationMs, () => resolve(clock.elapsedMs())));
}

describe("a stopped clock", () => {
  test("shows what it is told, and moves only by what it is advanced", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat({ max: 1_000_000 })), (startMs, steps) => {
        const clock = new ServingClock({ startMs, stopped: true });
        for (const step of steps) clock.advance(step);
        expect(clock.nowMs()).toBe(startMs + steps.reduce((sum, step) => sum + step, 0));
      }),
    );
  });

  test("ends exactly the waits that are due, in their order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 1_000 }),
        async (durations, advanceMs) => {
          const clock = new ServingClock({ stopped: true });
          const ended: number[] = [];
          for (const [index, duration] of durations.entries()) clock.at(duration, () => ended.push(index));
          clock.advance(advanceMs);
          // What is due ends with this one, which is due as well.
          await new Promise<void>((resolve) => clock.at(0, resolve));
          const due = durations.flatMap((duration, index) => (duration <= advanceMs ? [index] : []));
          expect(ended).toEqual(due);
          clock.close();
        },
      ),
      { numRuns: 30 },
    );
  });

  test("is put right without ending a wait", async () => {
    const clock = clockOf({ startMs: 0, stopped: true });
    let over = false;
    const waiting = wait(clock, 1_000).then(() => {
      over = true;
    });
    clock.set(10_000_000);
    await wait(clock, 0);
    expect([clock.nowMs(), over]).toEqual([10_000_000, false]);
    clock.advance(1_000);
    await waiting;
    expect(clock.nowMs()).toBe(10_001_000);
  });

  test("goes on when it is let go", async () => {
    const clock = clockOf({ stopped: true });
    const waiting = wait(clock, 5);
    clock.setPace({ stopped: false });
    expect(await waiting).toBeGreaterThanOrEqual(5);
  });
});

describe("a running clock", () => {
  test("never ends a wait early, at any speed", async () => {
    const clock = clockOf({ speed: 1_000 });
    const ends = await Promise.all([100, 2_500, 7_000].map((durationMs) => wait(clock, durationMs)));
    expect(ends.map((end, index) => end >= [100, 2_500, 7_000][index]!)).toEqual([true, true, true]);
  });

  test("ends waits of the past at once when it is made faster", async () => {
    const clock = clockOf({ speed: 1 });
    const waiting = wait(clock, 3_600_000);
    clock.setPace({ speed: 1_000_000 });
    expect(await waiting).toBeGreaterThanOrEqual(3_600_000);
  });

  test("waits for nothing at speed 0", async () => {
    const clock = clockOf({ speed: 0 });
    expect(await wait(clock, 1_000_000)).toBeLessThan(1_000_000);
  });

  test("shows real time unless told otherwise", () => {
    const before = Date.now();
    const shown = clockOf({}).nowMs();
    expect(shown - before).toBeGreaterThanOrEqual(0);
  });
});

test("a reset shows what the clock began with, at its first pace", () => {
  const clock = clockOf({ startMs: 5_000, speed: 2, stopped: true });
  clock.setPace({ speed: 7 });
  clock.advance(1_000);
  clock.reset();
  expect([clock.nowMs(), clock.speed, clock.stopped]).toEqual([5_000, 2, true]);
});

test("a wait that is called off never ends", async () => {
  const clock = clockOf({ stopped: true });
  let ended = false;
  const callOff = clock.at(10, () => {
    ended = true;
  });
  callOff();
  clock.advance(10);
  await wait(clock, 0);
  expect(ended).toBe(false);
});
