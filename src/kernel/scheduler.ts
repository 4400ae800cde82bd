import type { Footprint } from "../base/footprint.ts";
import type { Step } from "./step.ts";
import type { StepQueue } from "./step-queue.ts";

/**
 * Decides which pending step happens next. It removes that step from the queue.
 * A step may be chosen when its due time is not later than the latest time of every other pending step; the kernel
 * then moves time to it. Steps that were due earlier stay behind.
 */
export interface Scheduler {
  next(queue: StepQueue): Step | undefined;
  /** In the step that came last the code of this life runs. For schedulers that learn what steps depend on. */
  entered?(process: string, incarnation: number): void;
  /** Asked for by schedulers alone that want to know what that step really touched, beyond what it told beforehand. */
  readonly touch?: (footprint: Footprint) => void;
}

/** Decides how much later than nominal a step is due: 0 to `slackUs`. */
export interface Pace {
  extraUs(step: Step, slackUs: number): number;
}

/** The default schedule: first due, then first in; every latency nominal. */
export const firstDue: Scheduler = { next: (queue) => queue.pop() };

export const nominalPace: Pace = { extraUs: () => 0 };
