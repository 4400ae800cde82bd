import { assert } from "../base/assert.ts";

export type GrowthLaw = "constant" | "linear" | "n log n" | "quadratic";

/** One measurement: what was asked for, and what it took. */
export interface GrowthPoint {
  /** >= 1. */
  readonly size: number;
  /** >= 0. */
  readonly cost: number;
}

export interface GrowthFit {
  /** The simplest law that fits about as well as any. */
  readonly law: GrowthLaw;
  /** cost = base + perUnit * f(size), where f is 1, n, n log2 n or n². */
  readonly base: number;
  readonly perUnit: number;
  /** Root mean square of the residuals, each as a share of its cost. */
  readonly relativeError: number;
  /** Of every law, from the simplest to the steepest. */
  readonly candidates: readonly { readonly law: GrowthLaw; readonly relativeError: number }[];
}

const shapes: Readonly<Record<GrowthLaw, (size: number) => number>> = {
  constant: () => 0,
  linear: (size) => size,
  "n log n": (size) => size * Math.log2(Math.max(2, size)),
  quadratic: (size) => size * size,
};

export const growthLaws = Object.keys(shapes) as readonly GrowthLaw[];

/** What is this close is the same, whatever fits best: measurements are not better than that. */
const errorAllowed = 0.02;
/** How much worse a simpler law may fit. */
const worseAllowed = 1.5;

/**
 * The law by which costs grow with sizes: least squares of relative residuals, so that small sizes count as much as large
 * ones. A law that fits nearly as well as a steeper one is taken, being the smaller claim.
 *
 * @param points of at least three sizes
 */
export function fitGrowth(points: readonly GrowthPoint[]): GrowthFit {
  assert(new Set(points.map(({ size }) => size)).size >= 3, "a law of growth needs three sizes");
  assert(
    points.every(({ size, cost }) => size >= 1 && cost >= 0 && Number.isFinite(cost)),
    "sizes and costs are numbers",
  );
  const fits = growthLaws.map((law) => fitLaw(law, points));
  const best = Math.min(...fits.map(({ relativeError }) => relativeError));
  const chosen = fits.find(({ relativeError }) => relativeError <= Math.max(errorAllowed, worseAllowed * best))!;
  return { ...chosen, candidates: fits.map(({ law, relativeError }) => ({ law, relativeError })) };
}

/** Whether costs grow faster than what they are spent on. */
export function isSuperLinear({ law }: Pick<GrowthFit, "law">): boolean {
  return law === "n log n" || law === "quadratic";
}

function fitLaw(law: GrowthLaw, points: readonly GrowthPoint[]): Omit<GrowthFit, "candidates"> {
  const shape = shapes[law];
  const weighted = points.map(({ size, cost }) => ({
    x: shape(size),
    y: cost,
    weight: 1 / weightOf(cost, points) ** 2,
  }));
  const total = sumOf(weighted, ({ weight }) => weight);
  const meanX = sumOf(weighted, ({ x, weight }) => x * weight) / total;
  const meanY = sumOf(weighted, ({ y, weight }) => y * weight) / total;
  const spread = sumOf(weighted, ({ x, weight }) => weight * (x - meanX) ** 2);
  const slope = spread === 0 ? 0 : sumOf(weighted, ({ x, y, weight }) => weight * (x - meanX) * (y - meanY)) / spread;
  // Nothing costs less the more there is of it.
  const perUnit = Math.max(0, slope);
  const base = meanY - perUnit * meanX;
  const squares = sumOf(weighted, ({ x, y, weight }) => weight * (y - base - perUnit * x) ** 2);
  return { law, base, perUnit, relativeError: Math.sqrt(squares / points.length) };
}

/** A cost of nothing has no shares; a thousandth of the largest stands for it. */
function weightOf(cost: number, points: readonly GrowthPoint[]): number {
  const largest = Math.max(...points.map((each) => each.cost));
  return Math.max(cost, largest / 1_000, Number.MIN_VALUE ** 0.25);
}

function sumOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
