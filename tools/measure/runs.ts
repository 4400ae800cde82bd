import { inMacrotask } from "../../src/kernel/settle.ts";
import type { Outcome } from "../../src/sim/outcome.ts";

export interface MeasuredRuns {
  readonly runs: number;
  /** Of each run. */
  readonly runMs: readonly number[];
  /** Sum of the runs; what lies between them is left out. */
  readonly wallMs: number;
  /** Of the whole process over the same runs, threads of the garbage collector included. */
  readonly cpuMs: number;
  /** Of the last run. */
  readonly outcome: Outcome;
}

export interface MeasureOptions {
  readonly seconds: number;
  readonly runsMin: number;
}

const warmUpRuns = 5;

/** Runs again and again, each in a macrotask of its own, after a few runs that warm the engine up. */
export async function measureRuns(run: () => Outcome, options: MeasureOptions): Promise<MeasuredRuns> {
  for (let index = 0; index < warmUpRuns; index++) await inMacrotask(run);
  const runMs: number[] = [];
  let wallMs = 0;
  let outcome: Outcome | undefined;
  const cpuBefore = process.cpuUsage();
  while (wallMs < options.seconds * 1000 || runMs.length < options.runsMin) {
    const startMs = performance.now();
    outcome = await inMacrotask(run);
    const ms = performance.now() - startMs;
    runMs.push(ms);
    wallMs += ms;
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return { runs: runMs.length, runMs, wallMs, cpuMs: (user + system) / 1000, outcome: outcome! };
}

/** @param sorted ascending, not empty */
export function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))]!;
}

export function rounded(value: number, digits = 0): number {
  return Number(value.toFixed(digits));
}
