import type { Footprint } from "../base/footprint.ts";
import type { Operation } from "./operation.ts";

/**
 * Something that can happen: an operation's next stage. It waits in the queue from its due time on, and may be left
 * behind by other steps up to its latest time.
 */
export abstract class Step {
  readonly operation: Operation;
  /** Which part of the operation is next, from 0. Together with the site it names the step. */
  stage = 0;
  dueUs = 0;
  latestUs = 0;
  /** Breaks ties: in order of scheduling. */
  sequence = 0;
  /** Its place in the queue, -1 outside. */
  queueIndex = -1;

  constructor(operation: Operation) {
    this.operation = operation;
  }

  /** Whether it waits for a time, and not for something that takes time. */
  get isTimer(): boolean {
    return false;
  }

  /** What it touches when it happens, besides the memory of the process that it answers. Asked by strategies alone. */
  get touches(): readonly Footprint[] {
    return nothing;
  }

  /** Makes it happen. Runs between two turns of the processes' code, at once and alone. */
  abstract fire(): void;
}

const nothing: readonly Footprint[] = [];

/** The name of a step, as it stands in a case. */
export interface StepName {
  readonly site: string;
  readonly step: number;
}
