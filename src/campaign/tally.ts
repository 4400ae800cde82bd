import type { Outcome } from "../sim/outcome.ts";

/** What some runs add up to. Integers alone, so that sums do not depend on the order of adding. */
export interface Tally {
  runs: number;
  ops: number;
  steps: number;
  events: number;
  virtualUs: number;
  /** By name: in how many runs it happened. */
  readonly sometimes: Record<string, number>;
  /** By id: how often an invariant had something to judge. */
  readonly checked: Record<string, number>;
  /** By id: in how many runs an invariant had something to judge. */
  readonly exercised: Record<string, number>;
  /** By name of the limit: how many runs reached it before their end. */
  readonly limits: Record<string, number>;
  /** Runs that were executed a second time from their case. */
  runTwice: number;
}

export function emptyTally(): Tally {
  return {
    ...{ runs: 0, ops: 0, steps: 0, events: 0, virtualUs: 0, runTwice: 0 },
    ...{ sometimes: {}, checked: {}, exercised: {}, limits: {} },
  };
}

export function countRun(tally: Tally, outcome: Outcome): void {
  const { stats, verdict } = outcome;
  tally.runs++;
  tally.ops += stats.ops;
  tally.steps += stats.steps;
  tally.events += stats.events;
  tally.virtualUs += Math.round(stats.virtualMs * 1000);
  for (const name of outcome.sometimes) add(tally.sometimes, name, 1);
  for (const [id, times] of Object.entries(outcome.checked)) {
    add(tally.checked, id, times);
    if (times > 0) add(tally.exercised, id, 1);
  }
  if (verdict.kind === "limit") add(tally.limits, verdict.limit, 1);
}

/** A tally as it was stored, perhaps by a version that did not count in how many runs an invariant was exercised. */
export type StoredTally = Omit<Tally, "exercised"> & Partial<Pick<Tally, "exercised">>;

/** Adds `part` to `whole`. */
export function addTally(whole: Tally, part: StoredTally): void {
  whole.runs += part.runs;
  whole.ops += part.ops;
  whole.steps += part.steps;
  whole.events += part.events;
  whole.virtualUs += part.virtualUs;
  whole.runTwice += part.runTwice;
  for (const [name, times] of Object.entries(part.sometimes)) add(whole.sometimes, name, times);
  for (const [id, times] of Object.entries(part.checked)) add(whole.checked, id, times);
  for (const [id, runs] of Object.entries(part.exercised ?? {})) add(whole.exercised, id, runs);
  for (const [limit, times] of Object.entries(part.limits)) add(whole.limits, limit, times);
}

export function limitRuns(tally: Tally): number {
  return Object.values(tally.limits).reduce((sum, runs) => sum + runs, 0);
}

function add(counts: Record<string, number>, name: string, times: number): void {
  counts[name] = (counts[name] ?? 0) + times;
}
