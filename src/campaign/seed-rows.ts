import type { Outcome } from "../sim/outcome.ts";
import type { FailureKind, RunIdentity } from "./failure.ts";

/** What single runs came to, by column: entry n of each belongs to the n-th run. Compact, since it crosses machines. */
export interface SeedRows {
  readonly seeds: number[];
  readonly ends: RunEndKind[];
  /** Names the failure; empty for a run that did not fail. */
  readonly signatures: string[];
  /** SHA-256 of the run's history; empty for a run that left none. */
  readonly historyHashes: string[];
  /** Fingerprint of the run's timeline, where it was taken. */
  readonly timelines: (string | null)[];
  /** What chose the run's case; empty where that is not known. */
  readonly strategies: string[];
  readonly steps: number[];
}

export type RunEndKind = "held" | "limit" | FailureKind;

export interface SeedRow {
  readonly seed: number;
  readonly end: RunEndKind;
  readonly signature: string;
  readonly historyHash: string;
  readonly timeline: string | null;
  readonly strategy: string;
  readonly steps: number;
}

export function emptyRows(): SeedRows {
  return { seeds: [], ends: [], signatures: [], historyHashes: [], timelines: [], strategies: [], steps: [] };
}

export function addRow(rows: SeedRows, row: SeedRow): void {
  rows.seeds.push(row.seed);
  rows.ends.push(row.end);
  rows.signatures.push(row.signature);
  rows.historyHashes.push(row.historyHash);
  rows.timelines.push(row.timeline);
  rows.strategies.push(row.strategy);
  rows.steps.push(row.steps);
}

export function rowAt(rows: SeedRows, index: number): SeedRow {
  return {
    seed: rows.seeds[index]!,
    end: rows.ends[index]!,
    signature: rows.signatures[index]!,
    historyHash: rows.historyHashes[index]!,
    timeline: rows.timelines[index]!,
    strategy: rows.strategies[index]!,
    steps: rows.steps[index]!,
  };
}

/** The row of a run that came to an end by itself. @param failure of that run, where it failed */
export function rowOf(
  { seed, strategy }: RunIdentity,
  outcome: Outcome,
  failure: { readonly kind: FailureKind; readonly signature: string } | undefined,
  timeline: string,
): SeedRow {
  return {
    seed,
    end: failure?.kind ?? (outcome.verdict.kind === "limit" ? "limit" : "held"),
    signature: failure?.signature ?? "",
    historyHash: outcome.history.hash(),
    timeline,
    strategy,
    steps: outcome.stats.steps,
  };
}
