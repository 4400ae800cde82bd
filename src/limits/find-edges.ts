import { assert } from "../base/assert.ts";

/** What a load does to the system. `degrades`: a budget is exceeded, and nothing is broken. */
export type LevelVerdict = "holds" | "degrades" | "breaks";

export interface LevelResult {
  readonly level: number;
  readonly verdict: LevelVerdict;
  readonly runs: number;
  /** Of the run that shows it, for anything but `holds`. */
  readonly seed?: number;
  /** The budget or the invariant, in words. */
  readonly why?: string;
}

/** Where a system stops to hold, on one ramp. Each is absent where the ramp ends before it. */
export interface Edges {
  readonly holdsUpTo: LevelResult | undefined;
  readonly degradesFrom: LevelResult | undefined;
  readonly breaksAt: LevelResult | undefined;
  /** Everything that was tried, by level. */
  readonly probed: readonly LevelResult[];
  /** Levels at which something held though a lower one did not: then the edges are those of the lowest trouble seen. */
  readonly isMonotone: boolean;
}

export interface LevelRange {
  /** Whole numbers, >= 0, the first of which is expected to hold. */
  readonly from: number;
  readonly to: number;
  /** Between two neighbours; a divisor of what lies between `from` and `to`. Default 1. */
  readonly step?: number;
}

export interface Probes {
  /** Looks at a level, quickly. */
  readonly probe: (level: number) => Promise<LevelResult>;
  /** Looks closer at the highest level that seems to hold. The same as `probe` unless given. */
  readonly confirm?: (level: number) => Promise<LevelResult>;
}

/**
 * Finds the levels from which on a system degrades and breaks: doubles the load until it does or the ramp ends, then
 * halves the gap until two neighbours differ. A level is probed once; the one that it holds up to is confirmed, and when
 * that fails the search goes on below it.
 */
export async function findEdges({ from, to, step = 1 }: LevelRange, { probe, confirm }: Probes): Promise<Edges> {
  assert(Number.isInteger(from) && Number.isInteger(to), "levels are whole numbers");
  assert(from >= 0 && from <= to, "a ramp goes up");
  assert(step >= 1 && (to - from) % step === 0, "a ramp goes up in steps");
  const known = new Map<number, LevelResult>();
  const at = async (level: number): Promise<LevelResult> => {
    let result = known.get(level);
    if (result === undefined) {
      result = await probe(level);
      known.set(level, result);
    }
    return result;
  };
  for (let level = from; ; level = Math.min(to, Math.max(level + step, from + 2 * (level - from)))) {
    const { verdict } = await at(level);
    if (verdict === "breaks" || level === to) break;
  }
  const confirmed = new Set<number>();
  for (;;) {
    await narrow(known, { at, step, isBad: ({ verdict }) => verdict !== "holds" });
    await narrow(known, { at, step, isBad: ({ verdict }) => verdict === "breaks" });
    const edges = edgesOf(known);
    const level = edges.holdsUpTo?.level;
    if (confirm === undefined || level === undefined || confirmed.has(level)) return edges;
    confirmed.add(level);
    known.set(level, await confirm(level));
  }
}

/** Until the lowest level that is bad and the highest one below it that is not are neighbours. */
async function narrow(
  known: ReadonlyMap<number, LevelResult>,
  {
    at,
    step,
    isBad,
  }: {
    readonly at: (level: number) => Promise<LevelResult>;
    readonly step: number;
    readonly isBad: (result: LevelResult) => boolean;
  },
): Promise<void> {
  for (;;) {
    const results = byLevel(known);
    const bad = results.find(isBad);
    const good = results.findLast((result) => bad !== undefined && result.level < bad.level);
    if (bad === undefined || good === undefined || bad.level - good.level <= step) return;
    await at(good.level + step * Math.floor((bad.level - good.level) / step / 2));
  }
}

function edgesOf(known: ReadonlyMap<number, LevelResult>): Edges {
  const probed = byLevel(known);
  const firstBad = probed.findIndex(({ verdict }) => verdict !== "holds");
  const firstBroken = probed.findIndex(({ verdict }) => verdict === "breaks");
  const rank = { holds: 0, degrades: 1, breaks: 2 };
  return {
    holdsUpTo: firstBad === -1 ? probed.at(-1) : probed[firstBad - 1],
    degradesFrom: firstBad === -1 || probed[firstBad]!.verdict === "breaks" ? undefined : probed[firstBad],
    breaksAt: probed[firstBroken],
    probed,
    isMonotone: probed.every(({ verdict }, index) => index === 0 || rank[verdict] >= rank[probed[index - 1]!.verdict]),
  };
}

function byLevel(known: ReadonlyMap<number, LevelResult>): readonly LevelResult[] {
  return [...known.values()].toSorted((left, right) => left.level - right.level);
}
