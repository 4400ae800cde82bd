import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { DelayBounded } from "../../src/explore/strategies/delay-bounded.ts";
import type { ChoosingScheduler } from "../../src/explore/strategies/choosing-scheduler.ts";
import { Pct } from "../../src/explore/strategies/pct.ts";
import { Pos } from "../../src/explore/strategies/pos.ts";
import { RandomWalk } from "../../src/explore/strategies/random-walk.ts";
import { Surw } from "../../src/explore/strategies/surw.ts";
import { ProfilingScheduler } from "../../src/explore/profile.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import type { Scheduler } from "../../src/kernel/scheduler.ts";
import { neverUs } from "../../src/kernel/time.ts";
import { HeldSchedule } from "../../src/sim/held-schedule.ts";
import { Toy } from "../kernel/toy.ts";

beforeAll(() => installGuards());

const slackUs = 1_000_000;

/** Processes `a`, `b`, … that each touch `shared` so often, with steps of their own in between. */
async function interleaving(scheduler: Scheduler, accesses: readonly number[]): Promise<readonly string[]> {
  const toy = new Toy({ scheduler });
  accesses.forEach((count, index) =>
    toy.process("abc"[index]!, async (ports) => {
      for (let nth = 0; nth < count; nth++) {
        for (let own = 0; own < index; own++) await ports.tick(`own ${nth} ${own}`, 1_000, slackUs);
        await ports.tick("shared", 1_000, slackUs);
      }
    }),
  );
  expect((await toy.run()).kind).toBe("quiescent");
  return toy.log;
}

function orderOfShared(log: readonly string[]): string {
  return log
    .filter((line) => line.includes("(shared)"))
    .map((line) => line.split(" ")[1]![0])
    .join("");
}

const fairFromUs = neverUs;
const strategies: Readonly<Record<string, (seed: number, fairFrom?: number) => ChoosingScheduler>> = {
  random: (seed, fair = fairFromUs) => new RandomWalk({ seed, switchPpm: 400_000, fairFromUs: fair }),
  pct: (seed, fair = fairFromUs) => new Pct({ seed, depth: 3, choices: 12, fairFromUs: fair }),
  pos: (seed, fair = fairFromUs) => new Pos({ seed, fairFromUs: fair }),
  surw: (seed, fair = fairFromUs) =>
    new Surw({
      seed,
      resource: "shared",
      counts: new Map([
        ["a", 3],
        ["b", 3],
      ]),
      fairFromUs: fair,
    }),
  "delay-bounded": (seed, fair = fairFromUs) => new DelayBounded({ seed, delays: 3, choices: 12, fairFromUs: fair }),
};

describe.each(Object.keys(strategies))("%s", (name) => {
  const strategy = strategies[name]!;

  test("what it chose is a schedule that replays to the same run", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const scheduler = strategy(seed);
        const log = await interleaving(scheduler, [3, 3, 2]);
        const held = new HeldSchedule(scheduler.preemptions());
        expect(await interleaving(held, [3, 3, 2])).toEqual(log);
        expect(held.unused()).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("the same seed chooses the same, and seeds choose differently", async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const log = await interleaving(strategy(seed), [3, 3]);
      expect(await interleaving(strategy(seed), [3, 3])).toEqual(log);
      orders.add(orderOfShared(log));
    }
    expect(orders.size).toBeGreaterThan(3);
  });

  test("is fair from the given time on: the first due is next", async () => {
    const fair = await interleaving({ next: (queue) => queue.pop() }, [3, 3]);
    for (let seed = 0; seed < 20; seed++) expect(await interleaving(strategy(seed, 0), [3, 3])).toEqual(fair);
  });
});

test("surw gives every interleaving of the accesses to its resource about the same chance", async () => {
  const seen = new Map<string, number>();
  const runs = 2_000;
  for (let seed = 0; seed < runs; seed++) {
    const order = orderOfShared(await interleaving(strategies["surw"]!(seed), [3, 3]));
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  // Of six accesses, three of each: 20 orders.
  expect(seen.size).toBe(20);
  for (const count of seen.values()) {
    expect(count).toBeGreaterThan(runs / 20 / 2);
    expect(count).toBeLessThan((runs / 20) * 2);
  }
});

test("pos finds orders of the conflicting steps far more evenly than a random walk that seldom switches", async () => {
  const rarest = async (make: (seed: number) => ChoosingScheduler): Promise<number> => {
    const seen = new Map<string, number>();
    for (let seed = 0; seed < 600; seed++) {
      const order = orderOfShared(await interleaving(make(seed), [2, 2]));
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    return seen.size < 6 ? 0 : Math.min(...seen.values());
  };
  const seldom = (seed: number): ChoosingScheduler => new RandomWalk({ seed, switchPpm: 20_000, fairFromUs });
  expect(await rarest(strategies["pos"]!)).toBeGreaterThan(20);
  expect(await rarest(seldom)).toBeLessThan(10);
});

test("pct brings a bug of its depth about as often as it promises", async () => {
  // Depth 2: `b` must get past its first access before `a` has begun, and `a` must be done before the second.
  let hits = 0;
  const runs = 1_000;
  for (let seed = 0; seed < runs; seed++) {
    const scheduler = new Pct({ seed, depth: 2, choices: 8, fairFromUs });
    if (orderOfShared(await interleaving(scheduler, [2, 2])) === "baab") hits++;
  }
  expect(hits).toBeGreaterThan(runs / (2 * 8));
});

test("a profile counts choices and finds the resources that processes share", async () => {
  const scheduler = new ProfilingScheduler();
  await interleaving(scheduler, [2, 3]);
  const { choices, shared } = scheduler.profile;
  expect(choices).toBeGreaterThan(2);
  expect(shared).toEqual([
    {
      id: "shared",
      counts: new Map([
        ["a", 2],
        ["b", 3],
      ]),
    },
  ]);
});
