import { findEdges, type Edges, type LevelResult } from "./find-edges.ts";
import { figureNames, figureOf, type FigureName } from "./figures.ts";
import { fitGrowth, growthLaws, type GrowthFit, type GrowthLaw, type GrowthPoint } from "./growth-law.ts";
import type { Meters } from "./meters.ts";
import { observeLoad, type Observation, type RunCase } from "./observe-load.ts";
import { linearWork, type Ramp } from "./ramp.ts";
import { SequentialTest } from "./sequential-test.ts";

export interface ClimbOptions {
  readonly runCase: RunCase;
  /** Most runs at a level, at least 1. */
  readonly seeds: number;
  readonly firstSeed: number;
  /** In place of the ramp's own highest level. */
  readonly to?: number;
  /** Called after each run. */
  readonly onRun?: (level: number, observation: Observation) => void;
}

/** One ramp, gone up. */
export interface Climb {
  readonly ramp: Ramp;
  readonly to: number;
  readonly edges: Edges;
  readonly growth: readonly FigureGrowth[];
  /** The runs that the laws of growth were fitted to: of the first seed, by level. */
  readonly measured: ReadonlyMap<number, Meters>;
  readonly firstSeed: number;
  /** The deepest that cards made cards in any run. */
  readonly deepest: { readonly level: number; readonly seed: number; readonly generations: number };
}

export interface FigureGrowth {
  readonly figure: FigureName;
  readonly fit: GrowthFit;
  /** undefined where it may do as it likes. */
  readonly allowed: GrowthLaw | undefined;
  readonly points: readonly GrowthPoint[];
  /** In the upper half of the levels. */
  readonly exponent: number;
  /** Faster than it may, by more than measurements are off. */
  readonly isTooFast: boolean;
}

/** While the edge is looked for. */
const searchRuns = 2;
/** What grows with a power this much above the law that it may follow does not follow it. */
const exponentSpare = 0.15;

/** Goes up one ramp: its edges, and the laws by which its figures grow on the way. */
export async function climb(ramp: Ramp, options: ClimbOptions): Promise<Climb> {
  const { firstSeed } = options;
  const seeds = Math.min(options.seeds, ramp.runsMax ?? Infinity);
  const to = options.to ?? ramp.to;
  const firstRuns = new Map<number, Meters>();
  let deepest = { level: ramp.from, seed: firstSeed, generations: 0 };

  const observe = async (level: number, seed: number): Promise<Observation> => {
    const { runCase } = options;
    const found = await observeLoad(ramp.load(level, seed), { seed, runCase, level, budgets: ramp.budgets ?? [] });
    if (seed === firstSeed) firstRuns.set(level, found.meters);
    const generations = found.meters.cardGenerationsMax;
    if (generations > deepest.generations) deepest = { level, seed, generations };
    options.onRun?.(level, found);
    return found;
  };
  const probe = (level: number, runsMax: number): Promise<LevelResult> =>
    probeLevel(level, runsMax, firstSeed, (seed) => observe(level, seed));

  const edges = await findEdges(
    { from: ramp.from, to, step: ramp.step ?? 1 },
    { probe: (level) => probe(level, Math.min(searchRuns, seeds)), confirm: (level) => probe(level, seeds) },
  );
  const lowestBroken = edges.breaksAt?.level ?? Infinity;
  const levels = ramp.growthLevels.filter((level) => level <= to && level < lowestBroken);
  for (const level of levels) if (!firstRuns.has(level)) await observe(level, firstSeed);
  const measured = new Map(levels.map((level) => [level, firstRuns.get(level)!]));
  return { ramp, to, edges, growth: growthOf(ramp, measured), measured, firstSeed, deepest };
}

/**
 * Runs a level until enough is known of it. The worst that was seen counts, with the first seed that shows it.
 *
 * @param runsMax at least 1
 */
async function probeLevel(
  level: number,
  runsMax: number,
  firstSeed: number,
  observe: (seed: number) => Promise<Observation>,
): Promise<LevelResult> {
  const test = new SequentialTest();
  let degraded: { readonly seed: number; readonly why: string } | undefined;
  for (let seed = firstSeed; test.runs < runsMax && test.verdict() === undefined; seed++) {
    const { verdict, why } = await observe(seed);
    test.add(verdict === "breaks");
    if (verdict === "breaks") return { level, verdict, runs: test.runs, seed, why };
    if (verdict === "degrades") degraded ??= { seed, why };
  }
  if (degraded !== undefined) return { level, verdict: "degrades", runs: test.runs, ...degraded };
  return { level, verdict: "holds", runs: test.runs, seed: firstSeed, why: "" };
}

function growthOf(ramp: Ramp, measured: ReadonlyMap<number, Meters>): readonly FigureGrowth[] {
  if (measured.size < 3) return [];
  return figureNames.flatMap((figure) => {
    const { read } = figureOf(figure);
    const points = [...measured].map(([level, meters]) => ({ size: Math.max(1, level), cost: read(meters) }));
    if (points.every(({ cost }) => cost === 0)) return [];
    const fit = fitGrowth(points);
    const allowed = (ramp.allowed ?? linearWork)[figure];
    const exponent = exponentOf(points, allowed !== "constant");
    const tooFast = allowed !== undefined && isTooFast(fit, exponent, allowed);
    return [{ figure, fit, allowed, points, exponent, isTooFast: tooFast }];
  });
}

/** Both must say so: the law that fits, and how the upper half of the points really grows. */
function isTooFast({ law }: GrowthFit, exponent: number, allowed: GrowthLaw): boolean {
  const steeper = growthLaws.indexOf(law) > growthLaws.indexOf(allowed);
  return steeper && exponent > exponents[allowed] + exponentSpare;
}

const exponents: Readonly<Record<GrowthLaw, number>> = { constant: 0, linear: 1, "n log n": 1.1, quadratic: 2 };

/**
 * Between the middle and the last of the points: 0 for what stays the same, 1 for what doubles with the level. Where
 * figures may grow, what there is without any load is left out: it would hide how fast the rest grows.
 */
function exponentOf(points: readonly GrowthPoint[], mayGrow: boolean): number {
  const bySize = points.toSorted((left, right) => left.size - right.size);
  const origin = mayGrow ? bySize[0]! : { size: 0, cost: 0 };
  const [middle, last] = [bySize[Math.floor(bySize.length / 2)]!, bySize.at(-1)!].map(({ size, cost }) => ({
    size: size - origin.size,
    cost: Math.max(0, cost - origin.cost),
  })) as [GrowthPoint, GrowthPoint];
  if (last.cost === 0 || last.size === middle.size) return 0;
  // From nothing to something: as if the middle had had one.
  return Math.log(last.cost / Math.max(1, middle.cost)) / Math.log(last.size / middle.size);
}
