import type { Case } from "../sim/case.ts";
import type { Outcome } from "../sim/outcome.ts";

/** What a shrinker needs to know of a run. Plain data: it crosses threads. */
export interface Attempt {
  /** Of the outcome; another one when a step waited to the end for one that never came. */
  readonly signature: string;
  /** How long the run was. */
  readonly steps: number;
  /** How many processes lived in it. */
  readonly actors: number;
  /** How often the invariant that failed had something to judge; 1 where no invariant did. */
  readonly judged: number;
  /** The case without what the run never came to, where there is any such thing. */
  readonly realised?: Case;
}

/** @param signature of the outcome */
export function attemptOf(candidate: Case, outcome: Outcome, signature: string): Attempt {
  const { verdict, history, checked, stats } = outcome;
  const processes = new Set<string>();
  for (const event of history.events) if (event.kind === "process") processes.add(event.process);
  const realised = outcome.unused.length === 0 ? candidate : outcome.realised();
  return {
    signature: outcome.heldToTheEnd ? `held to the end: ${signature}` : signature,
    steps: stats.steps,
    actors: processes.size,
    judged: verdict.kind === "violated" ? (checked[verdict.violation.invariant] ?? 1) : 1,
    ...(forcedThings(realised) < forcedThings(candidate) ? { realised } : {}),
  };
}

/** How much is done to a run: faults, preemptions and delays together. */
export function forcedThings({ faults, preemptions, delays }: Case): number {
  return faults.length + preemptions.length + delays.length;
}
