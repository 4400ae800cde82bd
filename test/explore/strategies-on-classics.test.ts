import { beforeAll, describe, expect, test } from "vitest";
import { classics } from "../../scenarios/classics/classics.ts";
import { emptyCase, Explorer, type Plan, type StrategyName } from "../../src/explore/explorer.ts";
import { RandomWalk } from "../../src/explore/strategies/random-walk.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { neverUs } from "../../src/kernel/time.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Scenario } from "../../src/sim/scenario.ts";

beforeAll(() => installGuards());

/** Seeds that each strategy may take; the random walk finds nothing in a thousand. */
const bounds: Readonly<Record<string, Partial<Record<StrategyName, number>>>> = {
  "lost-update": { surw: 10, "reads-from": 10, pct: 300, pos: 300, "delay-bounded": 300, portfolio: 20 },
  "aba-lease": { surw: 60, "reads-from": 60, pct: 300, pos: 300, "delay-bounded": 300, portfolio: 100 },
  "late-window": { surw: 20, "reads-from": 20, pct: 3_000, pos: 900, portfolio: 100 },
};
const walkSeeds = 1_000;

describe.each(Object.keys(bounds))("%s", (name) => {
  const scenario = classics.find((each) => each.name === `classics/${name}`)!;

  test.each(Object.entries(bounds[name]!))("is found by %s within %d seeds", async (strategy, seeds) => {
    const explorer = new Explorer(scenario, strategy as StrategyName, runCaseNow);
    expect(await firstFinding(scenario, seeds, (seed) => explorer.plan(seed))).toBeDefined();
  });

  test("is not found by a random walk", async () => {
    const walk = (seed: number): Pick<Plan, "case" | "exploration"> => ({
      case: emptyCase(scenario, seed, {}),
      exploration: { scheduler: new RandomWalk({ seed, switchPpm: 1_000_000, fairFromUs: neverUs }) },
    });
    expect(await firstFinding(scenario, walkSeeds, walk)).toBeUndefined();
    const explorer = new Explorer(scenario, "random", runCaseNow);
    expect(await firstFinding(scenario, walkSeeds, (seed) => explorer.plan(seed))).toBeUndefined();
  });
});

/** @returns the first seed whose run is violated */
function firstFinding(
  scenario: Scenario,
  seeds: number,
  planOf: (seed: number) => Pick<Plan, "case" | "exploration">,
): Promise<number | undefined> {
  return inMacrotask(() => {
    for (let seed = 0; seed < seeds; seed++) {
      const plan = planOf(seed);
      if (runCaseNow(scenario, plan.case, plan.exploration).verdict.kind === "violated") return seed;
    }
    return undefined;
  });
}
