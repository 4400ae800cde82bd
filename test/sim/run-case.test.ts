import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { Draws } from "../../src/kernel/draws.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { emptyCase, Explorer, strategyNames } from "../../src/explore/explorer.ts";
import { TimedPace } from "../../src/explore/strategies/timed-pace.ts";
import type { Outcome } from "../../src/sim/outcome.ts";
import { runCase, runCaseNow } from "../../src/sim/run-case.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { toyScenario } from "./toy-scenario.ts";

beforeAll(() => installGuards());

const toy = toyScenario();

function explore(seed: number, strategy: (typeof strategyNames)[number]): Promise<Outcome> {
  return inMacrotask(() => {
    const plan = new Explorer(toy, strategy, runCaseNow).plan(seed);
    return runCaseNow(toy, plan.case, plan.exploration);
  });
}

describe("determinism", () => {
  test("the same case gives the same history, also after other runs", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(5_000), fc.nat(5_000), fc.constantFrom(...strategyNames), async (a, b, strategy) => {
        const first = await explore(a, strategy);
        const other = await explore(b, strategy);
        const again = await explore(a, strategy);
        expect(again.history.hash()).toBe(first.history.hash());
        if (other.history.events.length !== first.history.events.length) {
          expect(other.history.hash()).not.toBe(first.history.hash());
        }
      }),
      { numRuns: 40 },
    );
  });

  test("what a strategy chose replays from plain JSON: same history, same verdict, nothing unused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(100_000), fc.constantFrom(...strategyNames), async (seed, strategy) => {
        const found = await explore(seed, strategy);
        const stored = JSON.parse(JSON.stringify(found.realised())) as ReturnType<typeof found.realised>;
        const replayed = await runCase(toy, stored);
        expect([...replayed.history.lines()]).toEqual([...found.history.lines()]);
        expect(replayed.verdict).toEqual(found.verdict);
      }),
      { numRuns: 150 },
    );
  });
});

describe("exploration", () => {
  test.each(["random", "timed"] as const)("%s finds the lost increment within 400 seeds", async (strategy) => {
    let found = 0;
    for (let seed = 0; seed < 400 && found === 0; seed++) {
      const { verdict } = await explore(seed, strategy);
      if (verdict.kind === "violated") found = seed + 1;
    }
    expect(found).toBeGreaterThan(0);
  });

  test("the default schedule without faults holds: the race needs an overlap", async () => {
    const outcome = await runCase(toy, emptyCase(toy, 0, { processes: 2, rounds: 2 }));
    expect(outcome.verdict).toEqual({ kind: "held" });
    expect(outcome.sometimes).toEqual(["the register moved"]);
    expect(outcome.checked).toEqual({ T1: 4 });
  });
});

describe("named draws", () => {
  test("taking one fault away leaves every other latency as it was", async () => {
    const plan = (faults: { site: string; kind: "refused" }[]): Promise<Outcome> =>
      runCase(
        toy,
        { ...emptyCase(toy, 3, { processes: 2, rounds: 3 }), faults },
        {
          pace: new TimedPace(new Draws(9), 400_000),
        },
      );
    const whole = await plan([]);
    const site = "p0@0/main/register.get(r)#1";
    const struck = await plan([{ site, kind: "refused" }]);
    const late = (outcome: Outcome): Map<string, number> =>
      new Map(outcome.realised().delays.map((delay) => [`${delay.site} ${delay.step}`, delay.extraUs]));
    const before = late(whole);
    let common = 0;
    for (const [step, extraUs] of late(struck)) {
      if (!before.has(step) || step.startsWith(site)) continue;
      common++;
      expect(before.get(step)).toBe(extraUs);
    }
    expect(common).toBeGreaterThan(3);
  });
});

describe("sites", () => {
  test("over 1,000 schedules of one workload the same site is the same logical operation", async () => {
    const meaning = new Map<string, string>();
    await inMacrotask(() => {
      for (let seed = 0; seed < 1_000; seed++) {
        const plan = new Explorer(toy, seed % 2 === 0 ? "random" : "timed", runCaseNow).plan(seed);
        const outcome = runCaseNow(toy, { ...plan.case, workload: { processes: 3, rounds: 2 } }, plan.exploration);
        for (const event of outcome.history.events) {
          if (event.kind !== "sent") continue;
          const { site, process, taskName, name, key } = event.op;
          const what = `${process} ${taskName} ${name} ${key}`;
          expect(meaning.get(site) ?? what).toBe(what);
          meaning.set(site, what);
        }
      }
    });
    expect(meaning.size).toBeGreaterThan(20);
  });
});
