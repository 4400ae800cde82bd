import { describe, expect, test } from "vitest";
import { Explorer, type StrategyName } from "../../src/explore/explorer.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { runCaseNow } from "../../src/sim/run-case.ts";
import type { Scenario } from "../../src/sim/scenario.ts";
import { boardScenario, type BoardWorldOptions } from "./board-world.ts";

const small: BoardWorldOptions = { epics: 1, storiesPerEpic: 1, mandatoryFields: false, pollers: 1, webhook: false };

/** Runs some seeds of a strategy. @returns what did not hold, with the faults that led there */
function explore(scenario: Scenario, strategy: StrategyName, seeds: Iterable<number>): Promise<readonly string[]> {
  return inMacrotask(() => {
    const explorer = new Explorer(scenario, strategy, runCaseNow);
    const wrong: string[] = [];
    for (const seed of seeds) {
      const plan = explorer.plan(seed);
      const outcome = runCaseNow(scenario, plan.case, plan.exploration);
      if (outcome.verdict.kind === "held") continue;
      const what =
        outcome.verdict.kind === "violated" ? outcome.verdict.violation.message : JSON.stringify(outcome.end);
      wrong.push(`${strategy} ${seed} ${JSON.stringify(outcome.realised().faults)}: ${what}`);
    }
    return wrong;
  });
}

function* every(step: number, below: number): Generator<number> {
  for (let seed = 0; seed < below; seed += step) yield seed;
}

describe("every story goes through every lane", () => {
  test.each([
    ["with one poller", small],
    [
      "by copying the epic, with two pollers and a webhook server",
      { ...small, storiesPerEpic: 3, mandatoryFields: true, pollers: 2, webhook: true },
    ],
    ["of two epics at once", { ...small, epics: 2, storiesPerEpic: 2, pollers: 2 }],
  ])("%s", async (_, options) => {
    expect(await explore(boardScenario(options), "first-due", [0, 1, 2])).toEqual([]);
  });

  // A prime distance, so that a run comes by every kind of fault and of call.
  test("after one fault, wherever it strikes", { timeout: 120_000 }, async () => {
    expect(await explore(boardScenario(small), "sweep", every(61, 12_000))).toEqual([]);
  });

  test("after one fault in a fan-out by copying, with others about", { timeout: 120_000 }, async () => {
    const options = { ...small, mandatoryFields: true, pollers: 2, webhook: true };
    expect(await explore(boardScenario(options), "sweep", every(67, 12_000))).toEqual([]);
  });

  test.each(["random", "timed"] as const)(
    "or shows a failure after several faults: %s",
    { timeout: 120_000 },
    async (strategy) => {
      const options = {
        ...small,
        storiesPerEpic: 2,
        mandatoryFields: true,
        pollers: 2,
        webhook: true,
        failuresAllowed: true,
      };
      expect(await explore(boardScenario(options), strategy, every(1, 100))).toEqual([]);
    },
  );
});

test("an epic over the limit spawns nothing and says so", async () => {
  const scenario = boardScenario({ ...small, storiesPerEpic: 21, failuresAllowed: true });
  await inMacrotask(() => {
    const plan = new Explorer(scenario, "first-due", runCaseNow).plan(0);
    const { history, verdict } = runCaseNow(scenario, plan.case, plan.exploration);
    expect(verdict).toEqual({ kind: "held" });
    const notes = history.events.flatMap((event) => (event.kind === "note" ? [event] : []));
    expect(notes.filter(({ name }) => name === "spawn.created")).toEqual([]);
    expect(notes.filter(({ name }) => name === "spawn.refused").map(({ fields }) => fields)).toEqual([
      { epic: "EPIC-1", stories: 21, limit: 20 },
    ]);
    expect(notes.findLast(({ name }) => name === "run.finished")?.fields["outcome"]).toBe("failed");
  });
});
