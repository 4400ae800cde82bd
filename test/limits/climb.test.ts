import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defineScenario, noCrash, type Ports } from "../../src/index.ts";
import { buildReport, type Commands } from "../../src/limits/build-report.ts";
import { climb } from "../../src/limits/climb.ts";
import { observeLoad } from "../../src/limits/observe-load.ts";
import type { Ramp } from "../../src/limits/ramp.ts";
import type { LimitsReport } from "../../src/limits/report.ts";
import { runCase } from "../../src/sim/run-case.ts";

const commands: Commands = {
  level: (ramp, level, seed) => `limits ${ramp} --level ${level} --seed ${seed}`,
  ramp: (ramp) => `limits ${ramp}`,
  limit: (limit) => `limits limit:${limit}`,
};

interface Toy {
  /** From here on it says that a limit of its own held it back. */
  readonly degradesFrom?: number;
  /** From here on it crashes. */
  readonly breaksAt?: number;
  /** Operations at a level. */
  readonly work?: (level: number) => number;
}

/** A process that works as much as its level says. */
function toyRamp(toy: Toy, changes: Partial<Ramp> = {}): Ramp {
  const { degradesFrom = Infinity, breaksAt = Infinity, work = () => 1 } = toy;
  const main = async (ports: Ports, level: number): Promise<void> => {
    for (let each = 0; each < work(level); each++) await ports.clock.sleep(1, { key: String(each) });
    if (level >= degradesFrom) ports.log.event("limit.reached", { limit: "workMax", card: "", value: level });
    if (level >= breaksAt) throw new Error("too much");
  };
  const scenario = defineScenario<number>({
    name: "toy",
    workload: fc.nat(),
    system: { worker: main },
    invariants: [noCrash],
    bounds: { stepsMax: 2_000 },
  });
  return {
    name: "toy",
    about: "Work.",
    unit: "pieces",
    from: 1,
    to: 64,
    levelMax: 100,
    promised: 8,
    growthLevels: [],
    load: (level) => ({ scenario, workload: level }),
    ...changes,
  };
}

async function reportOf(ramp: Ramp, seeds = 1): Promise<LimitsReport> {
  const gone = await climb(ramp, { runCase, seeds, firstSeed: 0 });
  return buildReport({ seeds, firstSeed: 0, climbs: [gone], trials: [], untried: {}, commands });
}

describe("a ramp that is gone up", () => {
  test("has the edges that the system has, and is a finding below what is promised alone", async () => {
    const level = fc.integer({ min: 2, max: 80 });
    await fc.assert(
      fc.asyncProperty(level, level, async (one, other) => {
        const [degradesFrom, breaksAt] = [Math.min(one, other), Math.max(one, other)];
        const { ramps, findings, ok } = await reportOf(toyRamp({ degradesFrom, breaksAt }));
        const { holdsUpTo, degradesFrom: degrades, breaksAt: breaks } = ramps[0]!;
        const within = (edge: number): number | undefined => (edge <= 64 ? edge : undefined);
        expect(holdsUpTo?.level).toBe(Math.min(64, degradesFrom - 1));
        expect(breaks?.level).toBe(within(breaksAt));
        expect(degrades?.level).toBe(degradesFrom < breaksAt ? within(degradesFrom) : undefined);
        expect(findings.length).toBe(degradesFrom <= 8 ? 1 : 0);
        expect(ok).toBe(findings.length === 0);
      }),
      { numRuns: 25 },
    );
  });

  test("gives the same report twice, byte for byte, and each edge's command shows that level", async () => {
    const ramp = toyRamp({ degradesFrom: 5, breaksAt: 21, work: (level) => level }, { growthLevels: [4, 8, 16] });
    const first = await reportOf(ramp, 3);
    expect(JSON.stringify(await reportOf(ramp, 3))).toBe(JSON.stringify(first));
    const { degradesFrom } = first.ramps[0]!;
    expect(degradesFrom).toMatchObject({ level: 5, command: "limits toy --level 5 --seed 0" });
    expect(degradesFrom!.why).toBe("limit workMax reached");
    expect(first.findings[0]).toMatchObject({ kind: "degrades-early", of: "toy", evidence: "it holds up to 4" });
  });

  test("says how many runs stand behind what holds, and how many may fail all the same", async () => {
    const { ramps } = await reportOf(toyRamp({}), 100);
    // Wald's test has seen enough after 59 of the 100.
    expect(ramps[0]!.holdsUpTo).toMatchObject({ level: 64, runs: 59, failureRateMax: 0.0495076099 });
  });

  test("that comes to no end is a finding of its own", async () => {
    const { findings } = await reportOf(toyRamp({ work: (level) => (level < 4 ? 1 : 1e9) }));
    expect(findings).toEqual([expect.objectContaining({ kind: "no-end", why: "no end within stepsMax 2000" })]);
  });
});

test("a run that the scenario itself breaks is told as such, and the search goes on", async () => {
  const scenario = defineScenario<number>({
    name: "toy",
    workload: fc.nat(),
    system: { worker: async () => {} },
    drive: async (_, level) => {
      if (level > 6) throw new Error("no seventh");
    },
    invariants: [noCrash],
  });
  const { ramps } = await reportOf({ ...toyRamp({}), load: (level) => ({ scenario, workload: level }) });
  expect(ramps[0]).toMatchObject({ holdsUpTo: { level: 6 }, breaksAt: { level: 7 } });
  expect(ramps[0]!.breaksAt!.why).toBe("the run itself is broken: drive threw Error: no seventh");
});

describe("growth", () => {
  const quadratic = toyRamp({ work: (level) => level * level }, { to: 32, growthLevels: [4, 8, 16, 32] });

  test("faster than the load allows is a finding, and slower is none", async () => {
    const { findings } = await reportOf(quadratic);
    expect(findings).toEqual([expect.objectContaining({ kind: "growth", command: "limits toy" })]);
    expect(findings[0]!.title).toBe("ops grows quadratically with the pieces; linearly is allowed.");
    expect((await reportOf({ ...quadratic, allowed: { ops: "quadratic" } })).findings).toEqual([]);
    expect((await reportOf({ ...quadratic, allowed: {} })).findings).toEqual([]);
    const linear = toyRamp({ work: (level) => 50 + 3 * level }, { to: 32, growthLevels: [4, 8, 16, 32] });
    expect((await reportOf(linear)).findings).toEqual([]);
    const atRest = await reportOf({ ...linear, allowed: { ops: "constant" } });
    expect(atRest.findings[0]!.title).toBe("ops grows linearly with the pieces; not at all is allowed.");
  });

  test("is measured where it holds or degrades, not where it breaks", async () => {
    const { ramps } = await reportOf(
      toyRamp({ breaksAt: 20, work: (level) => level }, { growthLevels: [2, 4, 8, 32] }),
    );
    const ops = ramps[0]!.growth.find(({ figure }) => figure === "ops");
    expect(ops?.points.map(({ level }) => level)).toEqual([2, 4, 8]);
  });
});

describe("stress", () => {
  const retrying = defineScenario<null>({
    name: "retrying",
    workload: fc.constant(null),
    system: {
      worker: async (ports) => {
        for (let call = 0; call < 200; call++) {
          const request = { method: "GET", url: "http://nowhere.test/", timeoutMs: 10, key: String(call) };
          await ports.http.request({ ...request, name: call % 2 === 0 ? "even.call" : "odd.call" });
        }
      },
    },
    invariants: [],
    faults: { victims: ["worker"] },
  });
  const struck = async (stress: NonNullable<ReturnType<Ramp["load"]>["stress"]>[number], seed = 0): Promise<number> => {
    let count = 0;
    await observeLoad(
      { scenario: retrying, workload: null, stress: [stress] },
      {
        seed,
        runCase: (scenario, input, exploration) =>
          runCase(scenario, input, {
            ...exploration,
            faults: {
              strike: (operation, seam, nowUs) => {
                const fault = exploration.faults!.strike(operation, seam, nowUs);
                if (fault !== undefined) count++;
                return fault;
              },
            },
          }),
      },
    );
    return count;
  };
  const always = { seams: ["service"] as const, ratePpm: 1_000_000, faults: [{ kind: "refused" }] as const };

  test("strikes as often as its rate says, and the same run alike", async () => {
    const [nothing, third, all] = [0, 333_333, 1_000_000].map((ratePpm) => struck({ ...always, ratePpm }));
    expect(await nothing).toBe(0);
    expect(await all).toBe(200);
    expect(await third).toBeGreaterThan(40);
    expect(await third).toBeLessThan(95);
    expect(await struck({ ...always, ratePpm: 333_333 })).toBe(await third);
  });

  test("keeps to its names, its number and its time", async () => {
    expect(await struck({ ...always, names: ["even."] })).toBe(100);
    expect(await struck({ ...always, names: ["odd.call"], timesMax: 7 })).toBe(7);
    expect(await struck({ ...always, oncePerProcess: true })).toBe(1);
    expect(await struck({ ...always, untilMs: 0 })).toBe(0);
  });
});
