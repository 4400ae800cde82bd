import { observeLoad, type Observation, type RunCase } from "./observe-load.ts";
import type { LimitEdge } from "./ramp.ts";

/** What became of an explicit limit on both sides of its edge. */
export interface LimitTrial {
  readonly edge: LimitEdge;
  readonly within: LimitRun;
  readonly beyond: LimitRun;
  readonly verdict: LimitVerdict;
}

interface LimitRun {
  readonly limitIs: number;
  readonly isHeldBack: boolean;
  readonly observation: Observation;
}

/**
 * `enforced`: the run that needs more was held back, and it shows. `silent`: it was held back, and nobody is told.
 * `unenforced`: it was not held back. `premature`: the run that needs no more was held back, too.
 */
export type LimitVerdict = "enforced" | "silent" | "unenforced" | "premature";

export async function tryLimit(edge: LimitEdge, seed: number, runCase: RunCase): Promise<LimitTrial> {
  const observe = (limitIs: number): Promise<Observation> => observeLoad(edge.load(limitIs), { seed, runCase });
  const plenty = await observe(edge.plenty);
  const run = async (limitIs: number): Promise<LimitRun> => {
    const observation = await observe(limitIs);
    const isHeldBack = edge.isHeldBack?.(observation, limitIs, plenty) ?? saysSo(edge, observation);
    return { limitIs, isHeldBack, observation };
  };
  const within = await run(edge.within(plenty));
  const beyond = await run(edge.beyond(plenty));
  return { edge, within, beyond, verdict: verdictOf(edge, within, beyond) };
}

function verdictOf(edge: LimitEdge, within: LimitRun, beyond: LimitRun): LimitVerdict {
  if (!beyond.isHeldBack) return "unenforced";
  if (within.isHeldBack) return "premature";
  return isTold(edge, beyond.observation) ? "enforced" : "silent";
}

function saysSo({ limit }: LimitEdge, { meters }: Observation): boolean {
  return meters.limitsReached.some((reached) => reached.limit === limit);
}

function isTold(edge: LimitEdge, observation: Observation): boolean {
  switch (edge.tells) {
    case "card":
      return observation.notes.has("failure.seen");
    case "log":
      return edge.note === undefined ? saysSo(edge, observation) : observation.notes.has(edge.note);
    case "effect":
      return true;
  }
}
