import type { Attempt } from "../shrink/attempt.ts";
import type { Case } from "../sim/case.ts";

/** How large a counterexample is. */
export interface ReproSize {
  readonly faults: number;
  readonly preemptions: number;
  readonly delays: number;
  /** Processes in its run. */
  readonly actors: number;
}

export function reproSize(input: Case, { actors }: Pick<Attempt, "actors">): ReproSize {
  const { faults, preemptions, delays } = input;
  return { faults: faults.length, preemptions: preemptions.length, delays: delays.length, actors };
}

export function totalSize({ faults, preemptions, delays, actors }: ReproSize): number {
  return faults + preemptions + delays + actors;
}
