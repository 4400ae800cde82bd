import type { CodeCount } from "./ledger.ts";
import { cleanRunsNeeded, oddsAfter, type Odds } from "./odds.ts";

/**
 * Where a failure stands. `new`: no campaign before the latest has seen it. `rare`: seen by at most one in a
 * thousand runs. `ongoing`: any other that the present code shows, or that has not been absent for long enough.
 * `resolved`: the present code has run clean for so long that this happens by chance at most once in twenty times.
 */
export type FailureState = "new" | "rare" | "ongoing" | "resolved";

export interface StandingFailure {
  readonly signature: string;
  readonly state: FailureState;
  /** Of the present code. */
  readonly runs: number;
  readonly hits: number;
  /** Undefined while the present code fails so. */
  readonly cleared: Cleared | undefined;
}

/** The present code has not failed so in any of its runs. */
export interface Cleared extends Odds {
  readonly cleanRuns: number;
  /** Clean runs after which the failure counts as resolved. */
  readonly cleanRunsNeeded: number;
}

/**
 * @param counts of one signature, by code, in the order in which codes came
 * @param session the campaign that is looked at
 */
export function standingOf(
  signature: string,
  counts: readonly CodeCount[],
  { code, session }: { readonly code: string; readonly session: number },
): StandingFailure {
  const { runs = 0, hits = 0 } = counts.find((each) => each.code === code) ?? {};
  const before = lastSeen(counts, code);
  if (hits > 0 || before === undefined) {
    const firstSession = Math.min(...counts.map((each) => each.firstSession ?? Number.POSITIVE_INFINITY));
    const isNew = firstSession >= session;
    return { signature, state: isNew ? "new" : rateState(hits, runs), runs, hits, cleared: undefined };
  }
  const odds = oddsAfter(before, runs);
  const state = odds.cleanByChance <= resolvedProbability ? "resolved" : rateState(before.hits, before.runs);
  const needed = cleanRunsNeeded(before, resolvedProbability);
  return { signature, state, runs, hits, cleared: { ...odds, cleanRuns: runs, cleanRunsNeeded: needed } };
}

/** The latest other code that failed so: the rate before the fix. */
function lastSeen(counts: readonly CodeCount[], code: string): CodeCount | undefined {
  return counts.findLast((each) => each.code !== code && each.hits > 0);
}

function rateState(hits: number, runs: number): FailureState {
  return hits * rareRuns <= runs ? "rare" : "ongoing";
}

const rareRuns = 1_000;
const resolvedProbability = 0.05;
