import type { Step } from "../../kernel/step.ts";
import type { StepQueue } from "../../kernel/step-queue.ts";
import { candidatesOf, ChoosingScheduler } from "./choosing-scheduler.ts";
import { Stream } from "./stream.ts";

export interface RandomWalkOptions {
  readonly seed: number;
  /** At how many steps of a million it chooses freely; at the others the first due is next. */
  readonly switchPpm: number;
  readonly fairFromUs: number;
}

/** Random walk: at some steps, any step that may come next does, each with the same chance. */
export class RandomWalk extends ChoosingScheduler {
  private readonly stream: Stream;
  private readonly switchPpm: number;
  private readonly candidates: Step[] = [];

  constructor({ seed, switchPpm, fairFromUs }: RandomWalkOptions) {
    super(fairFromUs);
    this.stream = new Stream(seed, 0x5eed);
    this.switchPpm = switchPpm;
  }

  protected override choose(queue: StepQueue, first: Step): Step {
    if (this.stream.below(1_000_000) >= this.switchPpm) return first;
    const candidates = candidatesOf(queue, this.candidates);
    return candidates.length < 2 ? first : candidates[this.stream.below(candidates.length)]!;
  }
}
