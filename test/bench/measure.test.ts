import { expect, test } from "vitest";
import { measure, type Bench, type MeasureOptions } from "../../src/bench/measure.ts";

/** A clock that only the benches move. */
class ManualClock {
  private ns = 0n;
  readonly now = (): bigint => this.ns;
  pass(ns: number): void {
    this.ns += BigInt(ns);
  }
}

function optionsOf(clock: ManualClock, more: Partial<MeasureOptions> = {}): MeasureOptions {
  return { iterations: 5, warmUps: 2, nowNs: clock.now, ...more };
}

test("warm-ups are run and not counted, and set-up and tear-down are not timed", async () => {
  const clock = new ManualClock();
  const calls: string[] = [];
  const bench: Bench<string> = {
    name: "it",
    setUp: () => {
      clock.pass(1_000_000);
      calls.push("set up");
      return "state";
    },
    body: (state) => {
      calls.push(state);
      clock.pass(7);
    },
    tearDown: () => {
      clock.pass(500_000);
      calls.push("tear down");
    },
  };
  const result = await measure(bench, optionsOf(clock));
  expect(result).toMatchObject({ kind: "measured", failed: 0, samplesNs: [7, 7, 7, 7, 7] });
  expect(calls).toEqual(Array.from({ length: 7 }, () => ["set up", "state", "tear down"]).flat());
});

test("warm-ups go on until they took long enough, and end where no time passes", async () => {
  const clock = new ManualClock();
  let calls = 0;
  const counting = (ns: number): Bench => ({
    name: "it",
    body: () => {
      calls++;
      clock.pass(ns);
    },
  });
  await measure(counting(1_000_000), optionsOf(clock, { warmUpMsMin: 20 }));
  expect(calls).toBe(20 + 5);
  calls = 0;
  await measure(counting(0), optionsOf(clock, { warmUpMsMin: 20 }));
  expect(calls).toBe(1_000 + 5);
});

test("less than a microsecond is measured, and what a promise takes is part of it", async () => {
  const clock = new ManualClock();
  const bench: Bench = {
    name: "it",
    body: async () => {
      await Promise.resolve();
      clock.pass(40);
    },
  };
  expect(await measure(bench, optionsOf(clock))).toMatchObject({ summary: { mean: 40, count: 5 } });
});

test.for([
  ["the body throws", { body: failing }],
  ["the promise of the body rejects", { body: async () => failing() }],
  ["the set-up fails", { setUp: failing, body: () => {} }],
  ["the tear-down fails", { body: () => {}, tearDown: failing }],
] as const)("when %s, the result is invalid and says why", async ([, parts]) => {
  const result = await measure({ name: "it", ...parts }, optionsOf(new ManualClock()));
  expect(result).toMatchObject({ kind: "invalid", failed: 1, why: expect.stringContaining("broken") as string });
});

test("a failure among many iterations is not dropped", async () => {
  const clock = new ManualClock();
  let count = 0;
  const bench: Bench = {
    name: "it",
    body: () => {
      clock.pass(1);
      if (++count === 6) failing();
    },
  };
  expect(await measure(bench, optionsOf(clock))).toMatchObject({ kind: "invalid", failed: 1, tried: 6 });
  count = 0;
  const allowed = await measure(bench, optionsOf(clock, { failuresMax: 1 }));
  expect(allowed).toMatchObject({ kind: "measured", failed: 1, samplesNs: [1, 1, 1, 1, 1] });
});

test("goes on until it has measured long enough, and stops when it has measured too long", async () => {
  const clock = new ManualClock();
  const bench: Bench = { name: "it", body: () => clock.pass(1_000_000) };
  expect(await measure(bench, optionsOf(clock, { timeMsMin: 9 }))).toMatchObject({ summary: { count: 9 } });
  expect(await measure(bench, optionsOf(clock, { timeMsMax: 3 }))).toMatchObject({ summary: { count: 3 } });
});

function failing(): never {
  throw new Error("broken");
}
