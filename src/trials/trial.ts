import type { Failure } from "../campaign/failure.ts";
import { hash32 } from "../base/digest.ts";
import type { StrategyName } from "../explore/explorer.ts";

/** A campaign from a seed of its own on, until it finds what it looks for or comes to a cap. Plain data. */
export interface Trial {
  readonly mutant: string;
  readonly scenario: string;
  /** Invariants of which one must be broken: any other failure does not count. */
  readonly expects: readonly string[];
  readonly strategy: StrategyName;
  /** From 1. */
  readonly number: number;
  readonly runsMax: number;
  readonly cpuMsMax: number;
}

/** What a trial came to, whoever ran it. */
export interface Measured {
  readonly isFound: boolean;
  /** The one that found it, too. */
  readonly runs: number;
  /** Of the thread: from nothing known to the failure or the cap. */
  readonly cpuMs: number;
}

export interface TrialResult extends Measured {
  readonly found: Failure | undefined;
  /** Failures on the way that were none of those expected, each once. */
  readonly otherSignatures: readonly string[];
}

/**
 * A campaign begins anywhere among the first seeds: the same trial with the same one each time. Not far behind them,
 * since a campaign's sweep of single faults comes first, and its later rounds are others.
 */
export function firstSeedOf({ mutant, strategy, number }: Pick<Trial, "mutant" | "strategy" | "number">): number {
  return 1 + (hash32(`${mutant} ${strategy} ${number}`) % firstSeedMax);
}

const firstSeedMax = 20_000;
