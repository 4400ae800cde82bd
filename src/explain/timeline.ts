import type { HistoryReader } from "../history/history.ts";
import type { Operation } from "../kernel/operation.ts";
import type { Step } from "../kernel/step.ts";
import type { StepQueue } from "../kernel/step-queue.ts";
import type { Case, Preemption } from "../sim/case.ts";
import { HeldSchedule } from "../sim/held-schedule.ts";

/** Replays a case and keeps which events each step brought about. */
export class Timeline implements HistoryReader {
  private readonly held: HeldSchedule;
  private readonly used: readonly Preemption[];
  private readonly eventsBefore: number[] = [];
  private readonly operations: Operation[] = [];
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
    if (step !== undefined) {
      this.eventsBefore.push(this.events);
      this.operations.push(step.operation);
    }
    return step;
  }

  preemptions(): readonly Preemption[] {
    return this.used;
  }

  /** Of the operation that a step belongs to. @param step from 1 */
  siteOf(step: number): string {
    return this.operations[step - 1]?.site ?? "";
  }

  /** @param step from 1 */
  eventsOf(step: number): { readonly from: number; readonly to: number } {
    return { from: this.eventsBefore[step - 1] ?? this.events, to: this.eventsBefore[step] ?? this.events };
  }
}
