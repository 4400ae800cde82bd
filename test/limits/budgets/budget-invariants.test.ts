import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { builtInScenarios } from "../../../scenarios/index.ts";
import { laneByLane, referenceWorkloads } from "../../../scenarios/lane-by-lane/scenario.ts";
import { Explorer } from "../../../src/explore/explorer.ts";
import type { HistoryEvent } from "../../../src/history/event.ts";
import type { Finding } from "../../../src/invariants/invariant.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { budgetInvariants } from "../../../src/limits/budgets/budget-invariants.ts";
import { budgetNames, budgetOfInvariant, type BudgetName } from "../../../src/limits/budgets/budgets.ts";
import { defaultBudgets } from "../../../src/limits/budgets/default-budgets.ts";
import { LargestReader, type LargestReadings } from "../../../src/limits/budgets/suggest.ts";
import { withBudgets } from "../../../src/limits/budgets/with-budgets.ts";
import type { Outcome } from "../../../src/sim/outcome.ts";
import { runCase, runCaseNow } from "../../../src/sim/run-case.ts";
import { note, process } from "./events.ts";

const scenario = laneByLane.build();
const input = {
  scenario: scenario.name,
  drawSeed: 1,
  workload: referenceWorkloads["a story"],
  faults: [],
  preemptions: [],
  delays: [],
};

let unjudged: Outcome;
let largest: LargestReadings;

beforeAll(async () => {
  const reader = new LargestReader();
  unjudged = await runCase(scenario, input, { reader });
  largest = reader.largest;
});

/** Of the reference run, which retries nothing. */
const measured: readonly BudgetName[] = budgetNames.filter((name) => name !== "retriesPerCard");

describe("a budget", () => {
  test("of what a run took holds, and changes nothing in its history", async () => {
    const budgets = Object.fromEntries(measured.map((name) => [name, largest.get(name)!.value]));
    const outcome = await runCase(withBudgets(scenario, budgets), input);
    expect(outcome.verdict).toEqual({ kind: "held" });
    expect(outcome.history.hash()).toBe(unjudged.history.hash());
    for (const name of measured) expect(outcome.checked[`budget:${name}`], name).toBeGreaterThan(0);
  });

  test.each(measured)("%s of less than a run took fails it, and names what, whose and how much", async (name) => {
    const { of } = largest.get(name)!;
    const limit = largest.get(name)!.value * 0.9;
    const { verdict } = await runCase(withBudgets(scenario, { [name]: limit }), input);
    expect(verdict).toMatchObject({ kind: "violated", violation: { invariant: `budget:${name}`, expected: limit } });
    if (verdict.kind !== "violated") return;
    const { place, message, actual } = verdict.violation;
    expect(actual).toBeGreaterThan(limit);
    expect(message).toContain(`the budget ${name} is `);
    expect(message).toContain(place.split(" ")[0]);
    expect(of).toContain(place.split(" ")[0]);
    expect(budgetOfInvariant(verdict.violation.invariant)).toBe(name);
  });

  test("that nobody set judges nothing, and leaves the scenario as it is", () => {
    expect(withBudgets(scenario, undefined)).toBe(scenario);
    expect(withBudgets(scenario, {})).toBe(scenario);
    expect(withBudgets(scenario, { commentsPerCard: 3 }).invariants).toHaveLength(scenario.invariants.length + 1);
  });

  test("is judged the same alone and beside the others", () => {
    fc.assert(
      fc.property(fc.subarray([...measured], { minLength: 1 }), (names) => {
        const budgets = Object.fromEntries(names.map((name) => [name, 0]));
        const together = firstFindings(budgets);
        const alone = names.flatMap((name) => firstFindings({ [name]: 0 }));
        expect(together).toEqual(alone);
      }),
      { numRuns: 8 },
    );
  });

  /** The first finding of each budget. */
  function firstFindings(budgets: Parameters<typeof budgetInvariants>[0]): Finding[] {
    const found = new Map<string, Finding>();
    const judges = budgetInvariants(budgets).map((invariant) =>
      invariant.start((finding) => void (found.has(invariant.id) || found.set(invariant.id, finding))),
    );
    for (const [index, event] of unjudged.history.events.entries()) {
      for (const judge of judges) if (judge.kinds.includes(event.kind)) judge.observe(event, index);
    }
    return budgetInvariants(budgets).flatMap(({ id }) => found.get(id) ?? []);
  }

  test("of a step is exceeded while the step still goes on, and ends with the process", () => {
    const started = note(1_000_000, "agent.started", { card: "S1", agent: "ralph" });
    const later = (atUs: number): HistoryEvent => process(atUs, "other", "start");
    expect(stepReadings([started, later(4_000_000), later(9_000_000)])).toEqual([3_000, 8_000]);
    const died = process(5_000_000, "worker", "kill");
    expect(stepReadings([started, died, later(9_000_000)])).toEqual([4_000]);
    const finished = note(6_000_000, "agent.finished", { card: "S1", agent: "ralph" });
    expect(stepReadings([started, finished, later(9_000_000)])).toEqual([5_000]);
  });

  test("is named the same whichever attempt or look exceeded it", async () => {
    const places = [
      ["boardCallsPerTick", /^[a-z-]+ tick$/],
      ["traceBytesPerRun", /^EPIC-1\S* lane \d+$/],
    ] as const;
    for (const [name, place] of places) {
      const { verdict } = await runCase(withBudgets(scenario, { [name]: 0 }), input);
      expect(verdict.kind === "violated" && verdict.violation.place).toMatch(place);
    }
  });
});

describe("the default budgets", () => {
  test("hold in every scenario that is built in", async () => {
    for (const each of builtInScenarios) {
      const judged = withBudgets(each, defaultBudgets);
      const explorer = new Explorer(judged, "portfolio", runCaseNow);
      for (const seed of [2, 3]) {
        const outcome = await inMacrotask(() => {
          const plan = explorer.plan(seed);
          return runCaseNow(judged, plan.case, plan.exploration);
        });
        expect(outcome.verdict.kind, `${each.name}:${seed}`).toBe("held");
      }
    }
  });

  test("are set for every budget there is", () => {
    expect(Object.keys(defaultBudgets)).toEqual(budgetNames);
  });
});

function stepReadings(events: readonly HistoryEvent[]): unknown[] {
  const values: unknown[] = [];
  const [invariant] = budgetInvariants({ stepWallMs: 0 });
  const judge = invariant!.start(({ actual }) => void (actual !== undefined && actual !== 0 && values.push(actual)));
  for (const [index, event] of events.entries()) judge.observe(event, index);
  return values;
}
