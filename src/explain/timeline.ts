import type { HistoryReader } from "../history/history.ts";
import type { Step } from "../kernel/step.ts";
import type { StepQueue } from "../kernel/step-queue.ts";
import type { Case, Preemption } from "../sim/case.ts";
import { HeldSchedule } from "../sim/held-schedule.ts";

/** Replays a case and keeps which events each step brought about. */
export class Timeline implements HistoryReader {
  private readonly held: HeldSchedule;
  private readonly used: readonly Preemption[];
  private readonly eventsBefore: number[] = [];
  private events = 0;

  constructor({ preemptions }: Case) {
    this.held = new HeldSchedule(preemptions);
    this.used = preemptions;
  }

  observe(): void {
    this.events++;
  }

  next(queue: StepQueue): Step | undefined {
    const step = this.held.next(queue);
    if (step !== undefined) this.eventsBefore.push(this.events);
    return step;
  }

  preemptions(): readonly Preemption[] {
    return this.used;
  }

  /** @param step from 1 */
  eventsOf(step: number): { readonly from: number; readonly to: number } {
    return { from: this.eventsBefore[step - 1] ?? this.events, to: this.eventsBefore[step] ?? this.events };
  }
}
