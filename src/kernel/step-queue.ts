import { assert } from "../base/assert.ts";
import type { Step } from "./step.ts";

/** Pending steps as a binary heap, ordered by due time, then by sequence. Every step knows its place, so removal is cheap. */
export class StepQueue {
  /** In heap order: the first is due first, the rest is in no useful order. For schedulers that look at all of them. */
  readonly steps: Step[] = [];

  get size(): number {
    return this.steps.length;
  }

  first(): Step | undefined {
    return this.steps[0];
  }

  push(step: Step): void {
    assert(step.queueIndex === -1, "a step waits once");
    step.queueIndex = this.steps.length;
    this.steps.push(step);
    this.rise(step);
  }

  remove(step: Step): void {
    const index = step.queueIndex;
    assert(this.steps[index] === step, "the step is not in this queue");
    const last = this.steps.pop()!;
    step.queueIndex = -1;
    if (last === step) return;
    this.steps[index] = last;
    last.queueIndex = index;
    this.rise(last);
    this.sink(last);
  }

  pop(): Step | undefined {
    const step = this.steps[0];
    if (step !== undefined) this.remove(step);
    return step;
  }

  private rise(step: Step): void {
    const steps = this.steps;
    let index = step.queueIndex;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = steps[parentIndex]!;
      if (!comesBefore(step, parent)) break;
      steps[index] = parent;
      parent.queueIndex = index;
      index = parentIndex;
    }
    steps[index] = step;
    step.queueIndex = index;
  }

  private sink(step: Step): void {
    const steps = this.steps;
    let index = step.queueIndex;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= steps.length) break;
      let child = steps[childIndex]!;
      const right = steps[childIndex + 1];
      if (right !== undefined && comesBefore(right, child)) {
        child = right;
        childIndex++;
      }
      if (!comesBefore(child, step)) break;
      steps[index] = child;
      child.queueIndex = index;
      index = childIndex;
    }
    steps[index] = step;
    step.queueIndex = index;
  }
}

/** The default order: first due, then first in. */
export function comesBefore(left: Step, right: Step): boolean {
  return left.dueUs < right.dueUs || (left.dueUs === right.dueUs && left.sequence < right.sequence);
}
