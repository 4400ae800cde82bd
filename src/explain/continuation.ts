import { RandomWalk } from "../explore/strategies/random-walk.ts";
import { PlannedFaults } from "../faults/plan.ts";
import type { Step } from "../kernel/step.ts";
import type { StepQueue } from "../kernel/step-queue.ts";
import type { Case } from "../sim/case.ts";
import { HeldSchedule } from "../sim/held-schedule.ts";
import { PlannedPace } from "../sim/planned-pace.ts";
import type { Exploration } from "../sim/run-case.ts";

export interface ContinuationOptions {
  /** How many steps are as in the case; 0 for none. */
  readonly steps: number;
  /** Names the random schedule that follows. */
  readonly draw: number;
  /** From this virtual time on the schedule is fair. */
  readonly fairFromUs: number;
}

/**
 * A case up to some step, and from there a random walk: no further fault, preemption or delay of the case. What has begun
 * by then, as a partition, goes on.
 */
export function continueFrom(input: Case, { steps, draw, fairFromUs }: ContinuationOptions): Exploration {
  const held = new HeldSchedule(input.preemptions);
  const pace = new PlannedPace(input.delays);
  const faults = new PlannedFaults(input.faults);
  const walk = new RandomWalk({ seed: draw + 1, switchPpm: switchesPpm[draw % switchesPpm.length]!, fairFromUs });
  let taken = 0;
  // What the last of the steps brings about still belongs to it.
  const isAsPlanned = (): boolean => taken <= steps;
  return {
    scheduler: {
      next: (queue: StepQueue) => (++taken <= steps ? held.next(queue) : walk.next(queue)),
      preemptions: () => walk.preemptions(),
    },
    pace: {
      extraUs: (step: Step) => (isAsPlanned() ? pace.extraUs(step) : 0),
      delays: () => pace.used(),
    },
    faults: { strike: (operation) => (isAsPlanned() ? faults.strike(operation) : undefined) },
  };
}

/** At how many steps of a million it chooses freely: nearly the default schedule, and any schedule at all. */
const switchesPpm: readonly number[] = [20_000, 100_000, 400_000, 1_000_000];
