import { mix32 } from "../base/digest.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { Step, StepName } from "../kernel/step.ts";
import { comesBefore, type StepQueue } from "../kernel/step-queue.ts";
import { neverUs } from "../kernel/time.ts";
import type { Preemption } from "../sim/case.ts";

/**
 * Random walk: at some steps, any step that may come next does, each with the same chance; at the others the first due.
 * It keeps, for each step it left behind, the last step that overtook it: that is the schedule.
 *
 * @param switchPpm at how many steps of a million it chooses freely
 */
export class RandomWalk implements Scheduler {
  private state: number;
  private readonly switchPpm: number;
  private readonly overtaken = new Map<Step, Overtaking>();
  private readonly record: { readonly held: StepName; readonly until: StepName }[] = [];
  private readonly candidates: Step[] = [];

  constructor(seed: number, switchPpm: number) {
    this.state = mix32(seed >>> 0, 0x5eed);
    this.switchPpm = switchPpm;
  }

  next(queue: StepQueue): Step | undefined {
    const first = queue.first();
    if (first === undefined) return undefined;
    const chosen = this.draw(1_000_000) < this.switchPpm ? this.chooseFreely(queue, first) : first;
    if (chosen !== first) this.overtake(queue, chosen);
    const overtaking = this.overtaken.get(chosen);
    if (overtaking !== undefined) {
      this.overtaken.delete(chosen);
      this.keep(chosen, overtaking);
    }
    queue.remove(chosen);
    return chosen;
  }

  preemptions(): readonly Preemption[] {
    const pending = [...this.overtaken].map(([step, { heldStage, by, byStage }]) => ({
      held: nameOf(step, heldStage),
      until: nameOf(by, byStage),
    }));
    return [...this.record, ...pending].map(({ held, until }) => ({
      ...held,
      until: { site: until.site, step: until.step },
    }));
  }

  private keep(step: Step, { heldStage, by, byStage }: Overtaking): void {
    this.record.push({ held: nameOf(step, heldStage), until: nameOf(by, byStage) });
  }

  /** Every step that is due before the first latest time may come next. */
  private chooseFreely(queue: StepQueue, first: Step): Step {
    let latestUs = neverUs;
    for (const step of queue.steps) if (step.latestUs < latestUs) latestUs = step.latestUs;
    const { candidates } = this;
    candidates.length = 0;
    for (const step of queue.steps) if (step.dueUs <= latestUs) candidates.push(step);
    return candidates.length < 2 ? first : candidates[this.draw(candidates.length)]!;
  }

  private overtake(queue: StepQueue, by: Step): void {
    for (const step of queue.steps) {
      if (step === by || !comesBefore(step, by)) continue;
      const before = this.overtaken.get(step);
      // It was taken back and waits for something else now: what held it before is a preemption of its own.
      if (before !== undefined && before.heldStage !== step.stage) this.keep(step, before);
      this.overtaken.set(step, { heldStage: step.stage, by, byStage: by.stage });
    }
  }

  /** Xorshift: the choices themselves go into the case, so they need no names. */
  private draw(bound: number): number {
    let x = this.state === 0 ? 0x9e3779b9 : this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return Math.floor((this.state / 0x1_0000_0000) * bound);
  }
}

interface Overtaking {
  readonly heldStage: number;
  readonly by: Step;
  readonly byStage: number;
}

function nameOf(step: Step, stage: number): StepName {
  return { site: step.operation.site, step: stage };
}
