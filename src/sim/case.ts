import type { JsonValue } from "../base/json.ts";
import type { Fault } from "../faults/fault.ts";
import type { StepName } from "../kernel/step.ts";

/**
 * All inputs of a run, as plain JSON. It keeps only what differs from the default: first due, first in; no fault;
 * nominal latency.
 */
export interface Case {
  readonly scenario: string;
  /** Seed of the named draws, 0 to 2^53 - 1. */
  readonly drawSeed: number;
  readonly workload: JsonValue;
  readonly faults: readonly Fault[];
  readonly preemptions: readonly Preemption[];
  readonly delays: readonly Delay[];
}

/** The step waits until the other one has happened. */
export interface Preemption extends StepName {
  readonly until: StepName;
}

/** The step is due so much later than nominal. */
export interface Delay extends StepName {
  readonly extraUs: number;
}
