import type { Step } from "../../kernel/step.ts";
import { comesBefore, type StepQueue } from "../../kernel/step-queue.ts";
import { candidatesOf, ChoosingScheduler } from "./choosing-scheduler.ts";
import { Stream } from "./stream.ts";

export interface DelayBoundedOptions {
  readonly seed: number;
  /** How often the step that is next by default is passed over, >= 0. */
  readonly delays: number;
  /** About how many steps with a choice a run of the workload has, >= 1. */
  readonly choices: number;
  readonly fairFromUs: number;
}

/**
 * Delay-bounded scheduling: the default order, but at a few random steps with a choice the one whose turn it is waits
 * until the others that may come next have come. Few delays reach most schedules that matter.
 *
 * Source: Emmi, Qadeer, Rakamarić, "Delay-Bounded Scheduling", POPL 2011.
 */
export class DelayBounded extends ChoosingScheduler {
  private readonly delayAt: ReadonlySet<number>;
  private readonly candidates: Step[] = [];
  /** Each with the stage at which it was passed over, in that order. */
  private readonly delayed = new Map<Step, number>();
  private choices = 0;

  constructor({ seed, delays, choices, fairFromUs }: DelayBoundedOptions) {
    super(fairFromUs);
    const stream = new Stream(seed, 0xde1a);
    this.delayAt = new Set(Array.from({ length: delays }, () => 1 + stream.below(choices)));
  }

  protected override choose(queue: StepQueue, first: Step): Step {
    const candidates = candidatesOf(queue, this.candidates);
    if (candidates.length < 2) return first;
    this.choices++;
    let step = this.firstInTurn(candidates);
    if (this.delayAt.has(this.choices)) {
      // Behind all that wait already.
      this.delayed.delete(step);
      this.delayed.set(step, step.stage);
      step = this.firstInTurn(candidates);
    }
    this.delayed.delete(step);
    return step;
  }

  /** In the default order those that have not been passed over, then the others, the longest passed over first. */
  private firstInTurn(candidates: readonly Step[]): Step {
    const free = this.firstFree(candidates);
    if (free !== undefined) return free;
    for (const step of this.delayed.keys()) if (candidates.includes(step)) return step;
    return candidates[0]!;
  }

  private firstFree(candidates: readonly Step[]): Step | undefined {
    let best: Step | undefined;
    for (const step of candidates) {
      if (this.delayed.get(step) === step.stage) continue;
      if (best === undefined || comesBefore(step, best)) best = step;
    }
    return best;
  }
}
