import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RealClock } from "../../src/real/clock.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const timerMsMax = 2 ** 31 - 1;

test("a sleep of more than a timer can count lasts as long as asked", async () => {
  const clock = new RealClock();
  const read = vi.spyOn(clock, "monotonicMs");
  let ended = false;
  const sleeping = clock.sleep(timerMsMax + 1_000).finally(() => {
    ended = true;
  });
  await vi.advanceTimersByTimeAsync(timerMsMax + 999);
  expect(ended).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await sleeping).toBe(true);
  // At the start and after each of two timers; one that overflows would fire at once, again and again.
  expect(read).toHaveBeenCalledTimes(3);
});

test("a timer that fires early does not end a sleep early", async () => {
  const clock = new RealClock();
  let ended = false;
  const sleeping = clock.sleep(100).finally(() => {
    ended = true;
  });
  vi.spyOn(clock, "monotonicMs").mockReturnValueOnce(99.5);
  await vi.advanceTimersByTimeAsync(100);
  expect(ended).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await sleeping).toBe(true);
});

test("an ended sleep leaves neither a timer nor a listener", async () => {
  const stopping = new AbortController();
  const removed = vi.spyOn(stopping.signal, "removeEventListener");
  const sleeping = new RealClock().sleep(5, { signal: stopping.signal });
  await vi.advanceTimersByTimeAsync(5);
  expect(await sleeping).toBe(true);
  expect(removed).toHaveBeenCalledOnce();
  const aborted = new RealClock().sleep(5, { signal: stopping.signal });
  stopping.abort();
  expect(await aborted).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});
