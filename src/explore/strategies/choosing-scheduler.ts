import type { Scheduler } from "../../kernel/scheduler.ts";
import type { Step, StepName } from "../../kernel/step.ts";
import { comesBefore, type StepQueue } from "../../kernel/step-queue.ts";
import { neverUs } from "../../kernel/time.ts";
import type { Preemption } from "../../sim/case.ts";

/**
 * A schedule that is chosen on the way. It keeps, for each step it left behind, the last step that overtook it: that is
 * what the case needs to come to the same schedule again.
 *
 * Past `fairFromUs` of virtual time the first due step is taken: what is alive must then show it.
 */
export abstract class ChoosingScheduler implements Scheduler {
  private readonly fairFromUs: number;
  private readonly overtaken = new Map<Step, Overtaking>();
  private readonly record: { readonly held: StepName; readonly until: StepName }[] = [];

  constructor(fairFromUs: number) {
    this.fairFromUs = fairFromUs;
  }

  next(queue: StepQueue): Step | undefined {
    const first = queue.first();
    if (first === undefined) return undefined;
    const chosen = first.dueUs >= this.fairFromUs ? first : this.choose(queue, first);
    if (chosen !== first) this.overtake(queue, chosen);
    if (this.overtaken.size > 0) {
      const overtaking = this.overtaken.get(chosen);
      if (overtaking !== undefined) {
        this.overtaken.delete(chosen);
        this.keep(chosen, overtaking);
      }
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

  /** @param first the one that is due first, and would be next by default */
  protected abstract choose(queue: StepQueue, first: Step): Step;

  private keep(step: Step, { heldStage, by, byStage }: Overtaking): void {
    this.record.push({ held: nameOf(step, heldStage), until: nameOf(by, byStage) });
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
}

/**
 * Every step that is due before the first latest time may come next.
 * @param into emptied and filled, in no useful order
 */
export function candidatesOf(queue: StepQueue, into: Step[]): readonly Step[] {
  let latestUs = neverUs;
  for (const step of queue.steps) if (step.latestUs < latestUs) latestUs = step.latestUs;
  into.length = 0;
  for (const step of queue.steps) if (step.dueUs <= latestUs) into.push(step);
  return into;
}

interface Overtaking {
  readonly heldStage: number;
  readonly by: Step;
  readonly byStage: number;
}

function nameOf(step: Step, stage: number): StepName {
  return { site: step.operation.site, step: stage };
}
