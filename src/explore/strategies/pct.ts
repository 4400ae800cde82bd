import type { Task } from "../../kernel/task.ts";
import type { Step } from "../../kernel/step.ts";
import { comesBefore, type StepQueue } from "../../kernel/step-queue.ts";
import { candidatesOf, ChoosingScheduler } from "./choosing-scheduler.ts";
import { Stream } from "./stream.ts";

export interface PctOptions {
  readonly seed: number;
  /** Of the bug that is looked for: change points + 1, >= 1. */
  readonly depth: number;
  /** About how many steps with a choice a run of the workload has, >= 1. */
  readonly choices: number;
  readonly fairFromUs: number;
}

/**
 * Probabilistic concurrency testing: every task gets a random priority, the highest that may go on does, and at
 * `depth - 1` random points the one that would go on falls below all that have not fallen. A bug of depth d in a run of n tasks
 * and k choices is found with a chance of at least 1 / (n k^(d-1)) per run.
 *
 * Change points are drawn over steps with a choice alone, where they matter. Fair after twice the expected choices: a
 * task that polls would else keep all others out for ever.
 *
 * Source: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding
 * Bugs", ASPLOS 2010.
 */
export class Pct extends ChoosingScheduler {
  private readonly stream: Stream;
  /** By the number of the choice: the priority that is then given. */
  private readonly changeAt = new Map<number, number>();
  private readonly choicesMax: number;
  private readonly priorities = new Map<Task, number>();
  private readonly candidates: Step[] = [];
  private choices = 0;

  constructor({ seed, depth, choices, fairFromUs }: PctOptions) {
    super(fairFromUs);
    this.stream = new Stream(seed, 0x9c7);
    // Which change point gives which priority does not depend on their order in the run: whoever falls last may come
    // to stand above one that fell before. Without that, a bug of depth 3 can be out of reach.
    for (let rank = 1; rank < depth; rank++) this.changeAt.set(1 + this.stream.below(choices), -rank);
    this.choicesMax = 2 * choices;
  }

  /** How many steps had a choice, up to now. */
  get choicesMet(): number {
    return this.choices;
  }

  protected override choose(queue: StepQueue, first: Step): Step {
    if (this.choices >= this.choicesMax) return first;
    const candidates = candidatesOf(queue, this.candidates);
    if (candidates.length < 2) return first;
    this.choices++;
    let best = this.highest(candidates);
    const changed = this.changeAt.get(this.choices);
    if (changed !== undefined) {
      this.priorities.set(best.operation.task, changed);
      best = this.highest(candidates);
    }
    return best;
  }

  /** Among the steps of one task, and of tasks with one priority, the default order holds. */
  private highest(candidates: readonly Step[]): Step {
    let best: Step | undefined;
    let bestPriority = 0;
    for (const step of candidates) {
      const priority = this.priorityOf(step.operation.task);
      if (best !== undefined && priority < bestPriority) continue;
      if (best !== undefined && priority === bestPriority && !comesBefore(step, best)) continue;
      best = step;
      bestPriority = priority;
    }
    return best!;
  }

  private priorityOf(task: Task): number {
    let priority = this.priorities.get(task);
    if (priority === undefined) {
      priority = 1 + this.stream.below(1_000_000_000);
      this.priorities.set(task, priority);
    }
    return priority;
  }
}
