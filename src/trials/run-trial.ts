import { failureOf, type Failure } from "../campaign/failure.ts";
import { Explorer, type RunCase } from "../explore/explorer.ts";
import type { Outcome } from "../sim/outcome.ts";
import type { Scenario } from "../sim/scenario.ts";
import { firstSeedOf, type Trial, type TrialResult } from "./trial.ts";

export interface TrialOptions {
  /** Around the mutant. */
  readonly scenario: Scenario;
  readonly runCase: RunCase;
  readonly signatureOf: (verdict: Outcome["verdict"]) => string;
  /** CPU time of this thread so far. */
  readonly cpuMs: () => number;
  /** Called before each run. */
  readonly onRun?: (seed: number) => void;
  readonly heartbeat?: Int32Array;
}

/** Runs one trial, inside one macrotask. What the explorer has to learn first is a part of it. */
export function runTrial(trial: Trial, options: TrialOptions): TrialResult {
  const { scenario, runCase, signatureOf, cpuMs, heartbeat } = options;
  const startMs = cpuMs();
  const explorer = new Explorer(scenario, trial.strategy, runCase);
  const firstSeed = firstSeedOf(trial);
  const others = new Set<string>();
  let found: Failure | undefined;
  let runs = 0;
  while (found === undefined && runs < trial.runsMax && cpuMs() - startMs < trial.cpuMsMax) {
    const seed = firstSeed + runs++;
    options.onRun?.(seed);
    const { case: input, exploration, strategy } = explorer.plan(seed);
    const outcome = runCase(scenario, input, heartbeat === undefined ? exploration : { ...exploration, heartbeat });
    const failure = failureOf(outcome, { seed, strategy }, signatureOf);
    if (failure?.kind === "violated" && trial.expects.includes(failure.invariant)) found = failure;
    else if (failure !== undefined) others.add(failure.signature);
  }
  return { isFound: found !== undefined, runs, cpuMs: cpuMs() - startMs, found, otherSignatures: [...others] };
}
