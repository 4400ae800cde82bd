import { describe, expect, test } from "vitest";
import { builtInRamps } from "../../scenarios/ramps/built-in-ramps.ts";
import { limitEdges, limitsWithoutEdge } from "../../scenarios/ramps/limit-edges.ts";
import { observeLoad } from "../../src/limits/observe-load.ts";
import { tryLimit } from "../../src/limits/try-limit.ts";
import { defaultLimits } from "../../src/orchestrator/orchestrator.ts";
import { runCase } from "../../src/sim/run-case.ts";

describe("the explicit limits of the core", () => {
  test("are each tried, or named with the reason why not, and never both", () => {
    const tried = limitEdges().map(({ limit }) => limit);
    const untried = Object.keys(limitsWithoutEdge);
    expect([...new Set([...tried, ...untried])].toSorted()).toEqual(Object.keys(defaultLimits).toSorted());
    expect(untried.filter((limit) => tried.includes(limit))).toEqual([]);
  });

  test.for(limitEdges().map((edge) => [edge.name, edge] as const))("%s holds back, and shows it", async ([, edge]) => {
    expect(await tryLimit(edge, 0, runCase)).toMatchObject({
      verdict: "enforced",
      within: { isHeldBack: false },
      beyond: { isHeldBack: true },
    });
  });
});

describe("the ramps of the core", () => {
  const ramps = builtInRamps();

  test("have names of their own, and levels in order", () => {
    expect(new Set(ramps.map(({ name }) => name)).size).toBe(ramps.length);
    for (const { name, from, to, step = 1, levelMax, promised, growthLevels } of ramps) {
      expect(name).toMatch(/^[a-z][a-z-]*$/);
      expect(from <= promised && promised <= to && to <= levelMax, name).toBe(true);
      expect((to - from) % step, name).toBe(0);
      expect(
        growthLevels.every((level) => from <= level && level <= to),
        name,
      ).toBe(true);
      expect(growthLevels.length === 0 || growthLevels.length >= 3, name).toBe(true);
    }
  });

  test.for(ramps.map((ramp) => [ramp.name, ramp] as const))("%s holds at its lowest level", async ([, ramp]) => {
    const { from, budgets = [] } = ramp;
    const found = await observeLoad(ramp.load(from, 0), { seed: 0, runCase, level: from, budgets });
    expect(found).toMatchObject({ verdict: "holds", why: "", hasNoEnd: false });
  });
});
