import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { Explorer, strategyNames } from "../../src/explore/explorer.ts";
import { faultMenu } from "../../src/explore/fault-menu.ts";
import { familyOf } from "../../src/faults/fault.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import { toyFaults, toyScenario } from "../sim/toy-scenario.ts";

beforeAll(() => installGuards());

const toy = toyScenario();

describe("plans", () => {
  test("a seed stands for the same case each time, whatever was planned before", async () => {
    await inMacrotask(() =>
      fc.assert(
        fc.property(fc.nat(10_000), fc.nat(10_000), fc.constantFrom(...strategyNames), (seed, other, strategy) => {
          const busy = new Explorer(toy, strategy, runCaseNow);
          busy.plan(other);
          const fresh = new Explorer(toy, strategy, runCaseNow);
          expect(busy.plan(seed).case).toEqual(fresh.plan(seed).case);
        }),
        { numRuns: 40 },
      ),
    );
  });
});

describe("what a plan comes to", () => {
  test("is the same run whatever the explorer has learnt before", async () => {
    await inMacrotask(() =>
      fc.assert(
        fc.property(fc.nat(10_000), fc.nat(10_000), fc.constantFrom(...strategyNames), (seed, other, strategy) => {
          const hashOf = (explorer: Explorer): string => {
            const plan = explorer.plan(seed);
            return runCaseNow(toy, plan.case, plan.exploration).history.hash();
          };
          const busy = new Explorer(toy, strategy, runCaseNow);
          for (let before = other; before < other + 3; before++) busy.plan(before);
          expect(hashOf(busy)).toBe(hashOf(new Explorer(toy, strategy, runCaseNow)));
        }),
        { numRuns: 60 },
      ),
    );
  });

  test("is swept for faults in half of a portfolio, and not at all where nothing can go wrong", () => {
    const explorer = new Explorer(toy, "portfolio", runCaseNow);
    const safe = { ...toy, faults: { ...toyFaults, families: [] } };
    const safeExplorer = new Explorer(safe, "portfolio", runCaseNow);
    const seeds = Array.from({ length: 12 }, (_, seed) => seed);
    return inMacrotask(() => {
      expect(seeds.filter((seed) => explorer.plan(seed).strategy === "sweep")).toHaveLength(6);
      expect(seeds.filter((seed) => safeExplorer.plan(seed).strategy === "sweep")).toHaveLength(0);
      expect(new Set(seeds.map((seed) => safeExplorer.plan(seed).strategy)).size).toBe(6);
    });
  });
});

describe("the level-one sweep", () => {
  test("strikes every site of the passing run with every fault of its menu, once, before it begins again", async () => {
    await inMacrotask(() => {
      const explorer = new Explorer(toy, "sweep", runCaseNow);
      const pairs: string[] = [];
      let seed = 0;
      for (; ; seed++) {
        const plan = explorer.plan(seed);
        if (plan.exploration.pace !== undefined) break;
        expect(plan.case.faults).toHaveLength(1);
        pairs.push(JSON.stringify(plan.case.faults[0]));
      }
      expect(new Set(pairs).size).toBe(pairs.length);
      const menu = faultMenu(toyFaults, new Set(toyFaults.families));
      const calls = 2 * 2;
      expect(pairs).toHaveLength(calls * (2 * menu.board.length + menu.clock.length));
      expect(explorer.plan(seed).case.faults[0]).toEqual(explorer.plan(0).case.faults[0]);
      const sites = (from: number, to: number): Set<string> =>
        new Set(Array.from({ length: to - from }, (_, at) => explorer.plan(from + at).case.faults[0]!.site));
      expect(sites(0, 40).size).toBe(sites(0, seed).size);
    });
  });

  test("every planned fault is reached in its own run", async () => {
    await inMacrotask(() => {
      const explorer = new Explorer(toy, "sweep", runCaseNow);
      for (let seed = 0; seed < 120; seed++) {
        const { case: input } = explorer.plan(seed);
        expect(runCaseNow(toy, input).unused).toEqual([]);
      }
    });
  });
});

describe("the swarm", () => {
  test("stays within its families, its number of faults and its time", async () => {
    const settings = { ...toyFaults, families: ["delivery" as const], faultsMax: 2, faultsUntilMs: 6_000 };
    const long = { processes: 3, rounds: 30 };
    const scenario = { ...toy, faults: settings, workloads: { ...toy.workloads, scripted: [], draw: () => long } };
    let struck = 0;
    await inMacrotask(() => {
      const explorer = new Explorer(scenario, "random", runCaseNow);
      for (let seed = 0; seed < 200; seed++) {
        const plan = explorer.plan(seed);
        const outcome = runCaseNow(scenario, plan.case, plan.exploration);
        const faults = outcome.history.events.filter((event) => event.kind === "fault");
        struck += faults.length;
        expect(faults.length).toBeLessThanOrEqual(2);
        for (const fault of faults) {
          expect(fault.atUs).toBeLessThan(6_000_000);
          expect(familyOf[fault.fault as keyof typeof familyOf]).toBe("delivery");
        }
      }
    });
    expect(struck).toBeGreaterThan(10);
  });
});
