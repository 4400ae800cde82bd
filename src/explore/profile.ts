import type { Step } from "../kernel/step.ts";
import type { StepQueue } from "../kernel/step-queue.ts";
import { neverUs } from "../kernel/time.ts";
import { candidatesOf, ChoosingScheduler } from "./strategies/choosing-scheduler.ts";

/** What an undisturbed run of a workload tells the strategies. */
export interface RunProfile {
  readonly steps: number;
  /** Steps beside which another might have come, >= 1. */
  readonly choices: number;
  /** Resources that at least two processes touch and at least one writes, in order of names. */
  readonly shared: readonly SharedResource[];
}

export interface SharedResource {
  readonly id: string;
  /** By process: how often it touches the resource. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Takes the first due step each time, and counts. */
export class ProfilingScheduler extends ChoosingScheduler {
  private readonly candidates: Step[] = [];
  private readonly touched = new Map<string, { isWritten: boolean; readonly counts: Map<string, number> }>();
  private steps = 0;
  private choices = 0;

  constructor() {
    super(neverUs);
  }

  protected override choose(queue: StepQueue, first: Step): Step {
    this.steps++;
    if (candidatesOf(queue, this.candidates).length > 1) this.choices++;
    const { process } = first.operation;
    for (const { id, rw } of first.touches) {
      let entry = this.touched.get(id);
      if (entry === undefined) this.touched.set(id, (entry = { isWritten: false, counts: new Map() }));
      entry.counts.set(process, (entry.counts.get(process) ?? 0) + 1);
      if (rw === "w") entry.isWritten = true;
    }
    return first;
  }

  get profile(): RunProfile {
    const shared = [...this.touched]
      .filter(([, { isWritten, counts }]) => isWritten && counts.size > 1)
      .map(([id, { counts }]): SharedResource => ({ id, counts }))
      .toSorted((left, right) => (left.id < right.id ? -1 : 1));
    return { steps: this.steps, choices: Math.max(1, this.choices), shared };
  }
}
