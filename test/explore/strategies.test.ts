import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { DelayBounded } from "../../src/explore/strategies/delay-bounded.ts";
import type { ChoosingScheduler } from "../../src/explore/strategies/choosing-scheduler.ts";
import { Pct } from "../../src/explore/strategies/pct.ts";
import { Pos } from "../../src/explore/strategies/pos.ts";
import { AccessTrace, type SharedAccesses } from "../../src/explore/strategies/access-trace.ts";
import { RandomWalk } from "../../src/explore/strategies/random-walk.ts";
import { drawObservation, ReadsFrom, type Observation } from "../../src/explore/strategies/reads-from.ts";
import { Stream } from "../../src/explore/strategies/stream.ts";
import { Surw } from "../../src/explore/strategies/surw.ts";
import { ProfilingScheduler } from "../../src/explore/profile.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import type { Scheduler } from "../../src/kernel/scheduler.ts";
import { neverUs } from "../../src/kernel/time.ts";
import { HeldSchedule } from "../../src/sim/held-schedule.ts";
import { Toy } from "../kernel/toy.ts";

/** Of an undisturbed run of three processes. */
let shared: readonly SharedAccesses[];

beforeAll(async () => {
  installGuards();
  shared = (await traceOf([], [3, 3, 2])).shared();
});

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

async function traceOf(observations: readonly Observation[], accesses: readonly number[]): Promise<AccessTrace> {
  const trace = new AccessTrace();
  await interleaving(new ReadsFrom({ observations, fairFromUs: neverUs, trace }), accesses);
  return trace;
}

/** As many as can be drawn, up to `count`. */
function drawObservations(seed: number, count: number): readonly Observation[] {
  const stream = new Stream(seed, 1);
  const drawn = Array.from({ length: count }, () => drawObservation(shared, stream));
  return drawn.filter((observation) => observation !== undefined);
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
  "reads-from": (seed, fair = fairFromUs) =>
    new ReadsFrom({ observations: drawObservations(seed, 3), fairFromUs: fair }),
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

test("pct lets a task that fell later stand above one that fell before: some bugs of depth 3 need it", async () => {
  let hits = 0;
  const runs = 3_000;
  for (let seed = 0; seed < runs; seed++) {
    const toy = new Toy({ scheduler: new Pct({ seed, depth: 3, choices: 6, fairFromUs }) });
    for (const name of ["a", "b", "c"]) {
      toy.process(name, async (ports) => {
        await ports.tick("shared", 1_000, slackUs);
        await ports.tick("shared", 1_000, slackUs);
      });
    }
    await toy.run();
    if (orderOfShared(toy.log) === "abccba") hits++;
  }
  // One order of three tasks, and both changes at one of six choices: 14 are to be expected.
  expect(hits).toBeGreaterThan(5);
});

describe("surw", () => {
  test("holds nobody back who makes more accesses than were counted", async () => {
    const fair = orderOfShared(await interleaving({ next: (queue) => queue.pop() }, [5, 5]));
    for (let seed = 0; seed < 20; seed++) {
      const counts = new Map([["a", 1]]);
      const surw = new Surw({ seed, resource: "shared", counts, fairFromUs });
      expect(orderOfShared(await interleaving(surw, [5, 5]))).toBe(fair);
    }
  });
});

test("delay-bounded lets what it passed over go on when the others have been passed over too", async () => {
  const orders = new Set<string>();
  for (let seed = 0; seed < 300; seed++) {
    orders.add(
      orderOfShared(await interleaving(new DelayBounded({ seed, delays: 2, choices: 6, fairFromUs }), [3, 3])),
    );
  }
  // `a` is passed over at the beginning, `b` when one of its steps is left.
  expect(orders).toContain("bbaaab");
});

describe("reads-from", () => {
  test("an access comes upon the write that it was to observe, or upon none", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        for (const observation of drawObservations(seed, 1)) {
          const { resource, by, of } = observation;
          const { accesses } = (await traceOf([observation], [3, 3, 2]))
            .shared()
            .find((each) => each.resource === resource)!;
          const at = accesses.findIndex(({ site }) => site === by.site);
          const before = accesses.slice(0, at).findLast(({ isWrite }) => isWrite);
          expect(before?.site).toBe(of?.site);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("draws what did not happen by itself", () => {
    for (let seed = 0; seed < 200; seed++) {
      for (const { resource, by, of } of drawObservations(seed, 1)) {
        const { accesses } = shared.find((each) => each.resource === resource)!;
        const at = accesses.indexOf(by);
        expect(accesses.slice(0, at).findLast(({ isWrite }) => isWrite)).not.toBe(of);
      }
    }
  });

  test("observations that contradict each other are given up, and the run ends", async () => {
    const { resource, accesses } = shared.find((each) => each.resource === "shared")!;
    const [first, second] = [
      accesses.find(({ process }) => process === "a")!,
      accesses.find(({ process }) => process === "b")!,
    ];
    const eachAfterTheOther: readonly Observation[] = [
      { resource, by: first, of: second },
      { resource, by: second, of: first },
    ];
    expect(await interleaving(new ReadsFrom({ observations: eachAfterTheOther, fairFromUs }), [3, 3, 2])).toHaveLength(
      (await interleaving({ next: (queue) => queue.pop() }, [3, 3, 2])).length,
    );
  });

  test("a trace has one signature for one way of reading, whatever the order of other steps", async () => {
    const plain = await traceOf([], [3, 3, 2]);
    expect((await traceOf([], [3, 3, 2])).signature).toBe(plain.signature);
    const drawn = drawObservations(1, 1);
    expect((await traceOf(drawn, [3, 3, 2])).signature).not.toBe(plain.signature);
  });
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
