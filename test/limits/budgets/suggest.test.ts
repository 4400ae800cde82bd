import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { builtInScenarios } from "../../../scenarios/index.ts";
import { Explorer } from "../../../src/explore/explorer.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { budgetOfInvariant, type BudgetName, type Budgets } from "../../../src/limits/budgets/budgets.ts";
import { budgetsOf, LargestReader, suggestBudgets, type MeasuredRun } from "../../../src/limits/budgets/suggest.ts";
import { withBudgets } from "../../../src/limits/budgets/with-budgets.ts";
import type { Outcome } from "../../../src/sim/outcome.ts";
import { runCaseNow } from "../../../src/sim/run-case.ts";

describe("a suggested budget", () => {
  test("is the 99th percentile by nearest rank, with headroom, rounded up to two digits", () => {
    const values = Array.from({ length: 200 }, (_, index) => 1_001 + index);
    const [suggested] = suggestBudgets(runsWith("boardCallsPerCard", values));
    expect(suggested).toMatchObject({
      budget: "boardCallsPerCard",
      p99: 1_198,
      value: 1_800,
      runs: 200,
      raised: false,
      largest: { value: 1_200, seed: 200 },
    });
  });

  test("is raised to the largest where that is more, and says so", () => {
    const values = [...Array.from({ length: 199 }, () => 10), 1_234];
    const [suggested] = suggestBudgets(runsWith("commentsPerCard", values));
    expect(suggested).toMatchObject({ p99: 10, value: 1_300, raised: true, largest: { value: 1_234, seed: 200 } });
  });

  test("has room for all that was measured, is never below the 99th percentile with headroom, and has two digits", () => {
    const value = fc.oneof(fc.nat(1_000_000), fc.nat(30));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 120 }), fc.constantFrom(1, 1.5, 2), (values, headroom) => {
        const [suggested] = suggestBudgets(runsWith("stepWallMs", values), headroom);
        expect(suggested!.value).toBeGreaterThanOrEqual(Math.max(...values));
        expect(suggested!.value).toBeGreaterThanOrEqual(suggested!.p99 * headroom - 1e-6);
        expect(suggested!.value).toBeLessThanOrEqual(
          Math.max(Math.max(...values), suggested!.p99 * headroom) * 1.1 + 1,
        );
        expect(String(suggested!.value)).toMatch(/^\d{1,2}0*$/);
      }),
    );
  });

  test("of money has cents and less", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000_000 }), (millionths) => {
        const usd = millionths / 1e6;
        const [suggested] = suggestBudgets(runsWith("moneyPerCardUsd", [usd]), 1);
        expect(suggested!.value).toBeGreaterThanOrEqual(usd);
        expect(suggested!.value).toBeLessThanOrEqual(usd * 1.1 + 1e-6);
        expect(String(suggested!.value).length).toBeLessThanOrEqual(8);
      }),
    );
  });

  test("is given for what some run did, and for nothing else", () => {
    expect(suggestBudgets([])).toEqual([]);
    expect(suggestBudgets(runsWith("retriesPerCard", [0]))).toMatchObject([{ value: 0 }]);
  });
});

describe("the budgets suggested from runs", () => {
  const scenario = builtInScenarios.find(({ name }) => name === "single-card")!;
  const explorer = new Explorer(scenario, "portfolio", runCaseNow);
  const seeds = [2, 4, 6, 8, 10];

  test("hold in the same runs; a half of one fails in the run that it names", async () => {
    const measured: MeasuredRun[] = [];
    for (const seed of seeds) {
      const reader = new LargestReader();
      await runSeed(seed, {}, reader);
      measured.push({ scenario: scenario.name, seed, largest: reader.largest });
    }
    const suggested = suggestBudgets(measured);
    expect(suggested.map(({ budget }) => budget)).toContain("moneyPerCardUsd");
    for (const seed of seeds) expect((await runSeed(seed, budgetsOf(suggested))).verdict.kind).toBe("held");
    const halved = suggested.filter(({ value, largest }) => value / 2 < largest.value);
    expect(halved.length).toBeGreaterThanOrEqual(suggested.length - 1);
    for (const { budget, value, largest } of halved) {
      const { verdict } = await runSeed(largest.seed, { [budget]: value / 2 });
      expect(verdict.kind === "violated" && budgetOfInvariant(verdict.violation.invariant), budget).toBe(budget);
    }
  });

  function runSeed(seed: number, budgets: Budgets, reader = new LargestReader()): Promise<Outcome> {
    const judged = withBudgets(scenario, budgets);
    return inMacrotask(() => {
      const plan = explorer.plan(seed);
      return runCaseNow(judged, plan.case, { ...plan.exploration, reader });
    });
  }
});

/** One run for each value, by seeds from 1. */
function runsWith(budget: BudgetName, values: readonly number[]): MeasuredRun[] {
  return values.map((value, index) => ({
    scenario: "any",
    seed: index + 1,
    largest: new Map([[budget, { budget, of: "S1", value }]]),
  }));
}
