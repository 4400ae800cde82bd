import { conflicts, type Footprint } from "../../base/footprint.ts";
import type { Step } from "../../kernel/step.ts";
import type { StepQueue } from "../../kernel/step-queue.ts";
import { candidatesOf, ChoosingScheduler } from "./choosing-scheduler.ts";
import { Stream } from "./stream.ts";

export interface PosOptions {
  readonly seed: number;
  readonly fairFromUs: number;
}

/**
 * Partial order sampling: every step gets a random priority when it may come next, the highest comes next, and those
 * that race with it (their footprints conflict) get new ones. It samples orders of conflicting steps, not of all
 * steps: what commutes costs no chance.
 *
 * Source: Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.
 */
export class Pos extends ChoosingScheduler {
  private readonly stream: Stream;
  private readonly priorities = new Map<Step, Priority>();
  private readonly candidates: Step[] = [];

  constructor({ seed, fairFromUs }: PosOptions) {
    super(fairFromUs);
    this.stream = new Stream(seed, 0x905);
  }

  protected override choose(queue: StepQueue, first: Step): Step {
    const candidates = candidatesOf(queue, this.candidates);
    if (candidates.length < 2) return first;
    let best = first;
    let bestPriority = -1;
    for (const step of candidates) {
      const { value } = this.priorityOf(step);
      if (value <= bestPriority) continue;
      best = step;
      bestPriority = value;
    }
    this.priorities.delete(best);
    const touched: readonly Footprint[] = best.touches;
    if (touched.length > 0) {
      for (const step of candidates) {
        if (step !== best && conflicts(touched, step.touches)) this.priorities.delete(step);
      }
    }
    return best;
  }

  /** A step object stands for all stages of its operation: each stage is a step of its own. */
  private priorityOf(step: Step): Priority {
    const known = this.priorities.get(step);
    if (known?.stage === step.stage) return known;
    const drawn = { stage: step.stage, value: this.stream.below(1_000_000_000) };
    this.priorities.set(step, drawn);
    return drawn;
  }
}

interface Priority {
  readonly stage: number;
  readonly value: number;
}
