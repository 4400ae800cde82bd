import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { RangeSeeds } from "../../src/campaign/seed-range.ts";
import { strategyNames } from "../../src/explore/explorer.ts";
import { readSimTest, type SimTestSettings } from "../../src/vitest/read-sim-test.ts";
import { timeoutMsOf, type Environment, type NamedSimTestOptions } from "../../src/vitest/sim-test-options.ts";
import { toy } from "../campaign/toy-scenarios.ts";
import { temporaryFolder } from "../cli/run-command.ts";

const scenario = toy("counter-locked");

function read(options: Partial<NamedSimTestOptions> = {}, environment: Environment = {}): Promise<SimTestSettings> {
  return readSimTest({ scenario, ...options }, environment);
}

function seedsOf({ searches }: SimTestSettings): number[] {
  return searches.flatMap(({ seeds }) => new RangeSeeds(seeds).take(10_000));
}

describe("the seeds of a test", () => {
  test("are 100 from 1, without end where time decides, and others where the options say so", async () => {
    expect(seedsOf(await read())).toEqual(Array.from({ length: 100 }, (_, index) => 1 + index));
    expect(seedsOf(await read({ seeds: 2, firstSeed: 40 }))).toEqual([40, 41]);
    expect((await read({ timeBudgetMs: 5 })).searches[0]!.seeds.count).toBe(1_000_000_000);
  });

  test("are as many as STORMLANE_SEEDS says, however long they take", async () => {
    const settings = await read({ seeds: 2, timeBudgetMs: 5 }, { STORMLANE_SEEDS: "7" });
    expect(seedsOf(settings)).toHaveLength(7);
    expect(settings.timeBudgetMs).toBeUndefined();
    expect(timeoutMsOf({ timeBudgetMs: 5 }, { STORMLANE_SEEDS: "1000000" })).toBeGreaterThan(1_000_000);
  });

  test("are those of the options where variables are set to nothing", async () => {
    const environment = { STORMLANE_SEED: "", STORMLANE_SEEDS: "", STORMLANE_SHARD: "" };
    expect(await read({ seeds: 3, timeBudgetMs: 5 }, environment)).toEqual(await read({ seeds: 3, timeBudgetMs: 5 }));
  });

  test("are the one that STORMLANE_SEED names, and goals are not judged by it", async () => {
    const settings = await read({ seeds: 2 }, { STORMLANE_SEED: "17" });
    expect(seedsOf(settings)).toEqual([17]);
    expect(settings).toMatchObject({ oneSeed: true, judgesGoals: false });
    expect(await read()).toMatchObject({ oneSeed: false, judgesGoals: true });
  });

  test("are dealt out by STORMLANE_SHARD: each seed is in one shard, and none judges goals alone", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 1, max: 200 }), async (shards, seeds) => {
        const parts = await Promise.all(
          Array.from({ length: shards }, (_, index) => read({ seeds }, { STORMLANE_SHARD: `${index + 1}/${shards}` })),
        );
        expect(parts.flatMap(seedsOf).toSorted((left, right) => left - right)).toEqual(seedsOf(await read({ seeds })));
        expect(parts.some(({ judgesGoals }) => judgesGoals)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  test("are split evenly between strategies, and each of them has one", async () => {
    const named = fc.uniqueArray(fc.constantFrom(...strategyNames), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(named, fc.integer({ min: 1, max: 50 }), async (strategies, seeds) => {
        const { searches } = await read({ strategies, seeds });
        expect(searches.map(({ strategy }) => strategy)).toEqual(strategies);
        const counts = searches.map((search) => search.seeds.count);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(Math.max(seeds, strategies.length));
      }),
      { numRuns: 20 },
    );
  });
});

test("faults are those of the scenario, changed where the options say so, and none for false", async () => {
  expect((await read()).scenario).toBe(scenario);
  expect((await read({ faults: { faultsMax: 9 } })).scenario.faults).toEqual({ ...scenario.faults, faultsMax: 9 });
  expect((await read({ faults: false })).scenario.faults).toMatchObject({ families: [], faultsMax: 0 });
});

test("a built-in scenario is found by its name, and a mutant brings its own", async () => {
  expect((await readSimTest({ scenario: "stormlane:single-card" }, {})).scenario.name).toBe("single-card");
  const { scenario: ofMutant, mutant, judgesGoals } = await readSimTest({ mutant: "F01" }, {});
  expect(ofMutant.name).not.toBe("");
  expect({ mutant, judgesGoals }).toEqual({ mutant: "F01", judgesGoals: false });
});

const odd = (value: unknown): never => value as never;

test.each<[string, Partial<NamedSimTestOptions>, Environment, string]>([
  ["a number of seeds", { seeds: 0 }, {}, "seeds 0: out of range; use 1 to 1000000000"],
  ["half a seed", { seeds: 1.5 }, {}, "seeds 1.5: not a whole number"],
  ["a first seed", { firstSeed: -1 }, {}, "firstSeed -1: out of range"],
  ["a time budget", { timeBudgetMs: 0 }, {}, "timeBudgetMs 0: out of range"],
  ["a time limit", { timeoutMs: odd("soon") }, {}, "timeoutMs soon: not a whole number"],
  ["a strategy", { strategies: odd(["pctt"]) }, {}, "strategies pctt: no such strategy; did you mean pct?"],
  ["an empty list of strategies", { strategies: [] }, {}, "strategies []: none is named; choose from portfolio"],
  ["a flag", { allowVacuous: odd("yes") }, {}, "allowVacuous yes: neither true nor false"],
  ["a folder", { reproFolder: "" }, {}, 'reproFolder "": not a folder'],
  ["faults", { faults: odd(true) }, {}, "faults true: neither settings nor false"],
  ["a budget", { budgets: odd({ commentPerCard: 3 }) }, {}, "budgets.commentPerCard: there is no such budget; did you"],
  ["a budget's value", { budgets: { commentsPerCard: -3 } }, {}, "simTest: budgets.commentsPerCard: Too small"],
  ["budgets", { budgets: odd(true) }, {}, "simTest: budgets: expected object, received boolean"],
  [
    "a scenario's name",
    { scenario: "single-cart" },
    {},
    "scenario single-cart: there is none of that name; did you mean single-card?",
  ],
  ["a mutant's id", { scenario: odd(undefined), mutant: "F00" }, {}, "mutant F00: there is none of that id"],
  ["a mutant of one's own", { mutant: "F01" }, {}, "mutants are known of built-in scenarios alone"],
  ["the variable of a seed", {}, { STORMLANE_SEED: "x" }, "STORMLANE_SEED x: not a whole number"],
  ["the variable of seeds", {}, { STORMLANE_SEEDS: "0" }, "STORMLANE_SEEDS 0: out of range"],
  ["both of them", {}, { STORMLANE_SEED: "1", STORMLANE_SEEDS: "2" }, "leave one out"],
  ["the variable of a shard", {}, { STORMLANE_SHARD: "3/2" }, "3/2: there is no such shard"],
])("refuses %s that makes no sense, and says what would", async (_, options, environment, words) => {
  await expect(read(options, environment)).rejects.toThrow(words);
});

describe("the budgets of a test", () => {
  const judged = ({ scenario: { invariants } }: SimTestSettings): string[] =>
    invariants.map(({ id }) => id).filter((id) => id.startsWith("budget:"));

  test("are judged in each of its runs, beside what the scenario judges", async () => {
    const settings = await read({ budgets: { commentsPerCard: 3, retriesPerCard: 2 } });
    expect(judged(settings)).toEqual(["budget:retriesPerCard", "budget:commentsPerCard"]);
    expect(settings.scenario.invariants.slice(0, scenario.invariants.length)).toEqual(scenario.invariants);
    expect(judged(await read())).toEqual([]);
  });

  test("are those of the project's config, where the test does not say otherwise", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "stormlane.config.json"), `{ "budgets": { "commentsPerCard": 3, "stepWallMs": 9 } }`);
    const cwd = vi.spyOn(process, "cwd").mockReturnValue(folder);
    onTestFinished(() => cwd.mockRestore());
    expect((await read({ budgets: { stepWallMs: 7 } })).budgets).toEqual({ commentsPerCard: 3, stepWallMs: 7 });
    expect((await read()).budgets).toEqual({ commentsPerCard: 3, stepWallMs: 9 });
    expect((await read({ budgets: false })).budgets).toBeUndefined();
  });
});

test("a test gets time for its seeds or its budget, and for shrinking after it", () => {
  const afterwardsMs = timeoutMsOf({ timeBudgetMs: 1_000 }, {}) - 1_000;
  expect(afterwardsMs).toBeGreaterThanOrEqual(60_000);
  expect(timeoutMsOf({ seeds: 1 }, {})).toBeGreaterThan(afterwardsMs);
  expect(timeoutMsOf({ seeds: 10_000 }, {})).toBeGreaterThan(timeoutMsOf({ seeds: 1_000 }, {}));
  expect(timeoutMsOf({ timeoutMs: 5 }, {})).toBe(5);
});
