import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findEdges, type LevelResult, type LevelVerdict } from "../../src/limits/find-edges.ts";
import { fitGrowth, growthLaws, isSuperLinear, type GrowthLaw } from "../../src/limits/growth-law.ts";
import { SequentialTest } from "../../src/limits/sequential-test.ts";

const sizes = [1, 2, 4, 8, 16, 32, 64, 128];
const costOf: Record<GrowthLaw, (size: number) => number> = {
  constant: () => 0,
  linear: (size) => size,
  "n log n": (size) => size * Math.log2(Math.max(2, size)),
  quadratic: (size) => size * size,
};

describe("a law of growth", () => {
  test.for(growthLaws)("is found again: %s, whatever its factors, within a percent of noise", (law) => {
    const factor = fc.double({ min: 0.01, max: 1_000, noNaN: true });
    const noise = fc.array(fc.double({ min: -0.01, max: 0.01, noNaN: true }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(factor, fc.double({ min: 0, max: 20, noNaN: true }), noise, (perUnit, share, noises) => {
        const base = perUnit * (law === "constant" ? 1 : share);
        const points = sizes.map((size, index) => ({
          size,
          cost: (base + perUnit * costOf[law](size)) * (1 + noises[index]!),
        }));
        const fit = fitGrowth(points);
        expect(fit.law).toBe(law);
        expect(fit.relativeError).toBeLessThan(0.02);
        if (law !== "constant") expect(fit.perUnit / perUnit).toBeCloseTo(1, 0);
      }),
    );
  });

  test("of counts that hardly rise is constant, and of nothing is constant", () => {
    expect(fitGrowth(sizes.map((size) => ({ size, cost: size < 10 ? 100 : 101 }))).law).toBe("constant");
    expect(fitGrowth(sizes.map((size) => ({ size, cost: 0 })))).toMatchObject({ law: "constant", base: 0 });
  });

  test("never falls", () => {
    expect(fitGrowth(sizes.map((size) => ({ size, cost: 1_000 / size }))).perUnit).toBe(0);
  });

  test.for([
    ["constant", false],
    ["linear", false],
    ["n log n", true],
    ["quadratic", true],
  ] as const)("%s is super-linear: %s", ([law, expected]) => {
    expect(isSuperLinear({ law })).toBe(expected);
  });
});

describe("a sequential test", () => {
  test("needs one failure, or 59 runs without one", () => {
    const failing = new SequentialTest();
    failing.add(true);
    expect(failing.verdict()).toBe("breaks");
    const clean = new SequentialTest();
    while (clean.verdict() === undefined) clean.add(false);
    expect({ verdict: clean.verdict(), runs: clean.runs }).toEqual({ verdict: "holds", runs: 59 });
  });

  test("is wrong as often as it may be, and no more often", () => {
    let state = 7;
    const chance = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 0x1_0000_0000;
    };
    const shareOf = (rate: number, verdict: string): number => {
      let wrong = 0;
      for (let trial = 0; trial < 1_000; trial++) {
        const sequential = new SequentialTest({ holdsRate: 0.05, breaksRate: 0.3, errorRate: 0.05 });
        while (sequential.verdict() === undefined) sequential.add(chance() < rate);
        if (sequential.verdict() === verdict) wrong++;
      }
      return wrong / 1_000;
    };
    expect(shareOf(0.05, "breaks")).toBeLessThan(0.07);
    expect(shareOf(0.3, "holds")).toBeLessThan(0.07);
  });
});

describe("the edges of a ramp", () => {
  const verdictAt = (level: number, degrades: number, breaks: number): LevelVerdict =>
    level >= breaks ? "breaks" : level >= degrades ? "degrades" : "holds";

  test("are the exact levels, with few probes", async () => {
    const edge = fc.integer({ min: 1, max: 1_200 });
    await fc.assert(
      fc.asyncProperty(edge, edge, async (one, other) => {
        const [degrades, breaks] = [Math.min(one, other), Math.max(one, other)];
        let probes = 0;
        const probe = async (level: number): Promise<LevelResult> => {
          probes++;
          return { level, verdict: verdictAt(level, degrades, breaks), runs: 1 };
        };
        const edges = await findEdges({ from: 0, to: 1_000 }, { probe });
        const within = (level: number): number | undefined => (level <= 1_000 ? level : undefined);
        expect(edges.holdsUpTo?.level).toBe(Math.min(1_000, degrades - 1));
        expect(edges.breaksAt?.level).toBe(within(breaks));
        expect(edges.degradesFrom?.level).toBe(degrades < breaks ? within(degrades) : undefined);
        expect(edges.isMonotone).toBe(true);
        expect(probes).toBeLessThan(34);
      }),
    );
  });

  test("of a system that breaks at once has nothing that it holds", async () => {
    const edges = await findEdges(
      { from: 1, to: 64 },
      { probe: async (level) => ({ level, verdict: "breaks", runs: 1, seed: 3 }) },
    );
    expect(edges).toMatchObject({ holdsUpTo: undefined, breaksAt: { level: 1, seed: 3 } });
  });

  test("say when trouble comes and goes", async () => {
    const edges = await findEdges(
      { from: 1, to: 8 },
      { probe: async (level) => ({ level, verdict: level === 2 ? "degrades" : "holds", runs: 1 }) },
    );
    expect(edges).toMatchObject({ holdsUpTo: { level: 1 }, degradesFrom: { level: 2 }, isMonotone: false });
  });

  test("go below a level that a closer look refuses, as often as it does", async () => {
    const edge = fc.integer({ min: 1, max: 300 });
    await fc.assert(
      fc.asyncProperty(edge, edge, async (one, other) => {
        const [really, atFirst] = [Math.min(one, other), Math.max(one, other)];
        const result = (level: number, edgeIs: number, runs: number): LevelResult => ({
          level,
          verdict: verdictAt(level, edgeIs, edgeIs),
          runs,
        });
        const edges = await findEdges(
          { from: 0, to: 256 },
          { probe: async (level) => result(level, atFirst, 1), confirm: async (level) => result(level, really, 9) },
        );
        expect(edges.holdsUpTo).toMatchObject({ level: Math.min(256, really - 1), runs: 9 });
      }),
    );
  });
});
