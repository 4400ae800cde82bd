import { comesBefore, type StepQueue } from "../kernel/step-queue.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { Step } from "../kernel/step.ts";
import type { Preemption } from "./case.ts";

/**
 * The default schedule but for the preemptions of the case: a held step waits until the step it was left behind for
 * has happened. When nothing else is left to do, what is held goes on: the case no longer fits the code.
 */
export class HeldSchedule implements Scheduler {
  /** By held step: how many steps it still waits for. */
  private readonly waitsFor = new Map<string, number>();
  /** By step: those that wait for it. */
  private readonly heldBy = new Map<string, string[]>();
  private readonly releasedEarly: string[] = [];
  /** Held steps that did come, and were kept waiting. */
  private readonly kept = new Set<string>();
  private readonly all: ReadonlySet<string>;
  private readonly preemptions: readonly Preemption[];

  constructor(preemptions: readonly Preemption[]) {
    this.preemptions = preemptions;
    for (const { site, step, until } of preemptions) {
      const held = nameOf(site, step);
      this.waitsFor.set(held, (this.waitsFor.get(held) ?? 0) + 1);
      const other = nameOf(until.site, until.step);
      const waiting = this.heldBy.get(other);
      if (waiting === undefined) this.heldBy.set(other, [held]);
      else waiting.push(held);
    }
    this.all = new Set(this.waitsFor.keys());
  }

  next(queue: StepQueue): Step | undefined {
    if (this.waitsFor.size === 0) return queue.pop();
    let step = queue.first();
    if (step === undefined) return undefined;
    if (this.isHeld(step)) step = this.firstFree(queue) ?? this.releaseFirst(step);
    queue.remove(step);
    this.happened(nameOf(step.operation.site, step.stage));
    return step;
  }

  /** Preemptions of a step that never came, or for a step that never did. */
  unused(): readonly string[] {
    const never = [...this.all].filter((name) => !this.kept.has(name));
    const names = new Set([...never, ...this.releasedEarly, ...this.waitsFor.keys()]);
    return [...names].map((name) => `preemption of ${name}`);
  }

  /** Whether a step still waits for one that has not come. */
  stillHolds(): boolean {
    return [...this.waitsFor.keys()].some((name) => this.kept.has(name));
  }

  /** Those that kept a step waiting, and did not have to let it go for want of anything else to do. */
  used(): readonly Preemption[] {
    const early = new Set(this.releasedEarly);
    return this.preemptions.filter(({ site, step }) => {
      const name = nameOf(site, step);
      return this.kept.has(name) && !early.has(name);
    });
  }

  private isHeld(step: Step): boolean {
    const name = nameOf(step.operation.site, step.stage);
    if (!this.waitsFor.has(name)) return false;
    this.kept.add(name);
    return true;
  }

  private firstFree(queue: StepQueue): Step | undefined {
    let best: Step | undefined;
    for (const step of queue.steps) {
      if ((best === undefined || comesBefore(step, best)) && !this.isHeld(step)) best = step;
    }
    return best;
  }

  private releaseFirst(step: Step): Step {
    const name = nameOf(step.operation.site, step.stage);
    this.waitsFor.delete(name);
    this.releasedEarly.push(name);
    return step;
  }

  private happened(name: string): void {
    for (const held of this.heldBy.get(name) ?? []) {
      const left = (this.waitsFor.get(held) ?? 0) - 1;
      if (left > 0) this.waitsFor.set(held, left);
      else this.waitsFor.delete(held);
    }
    this.heldBy.delete(name);
  }
}

function nameOf(site: string, step: number): string {
  return `${site} step ${step}`;
}
