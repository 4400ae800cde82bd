import type { Footprint } from "../../base/footprint.ts";
import { comesBefore, type StepQueue } from "../../kernel/step-queue.ts";
import type { Step } from "../../kernel/step.ts";
import { neverUs } from "../../kernel/time.ts";
import { candidatesOf, ChoosingScheduler } from "../strategies/choosing-scheduler.ts";
import type { ExecutedStep, PendingStep } from "./execution.ts";
import { lifeResource, timeResource, Touched } from "./touched.ts";

/** Says which step comes next. */
export interface Guide {
  /**
   * @param candidates names of the steps that may come next, first due first; at least one
   * @param before the steps that have happened, with all that came of them
   * @returns the index of one of them, or undefined to abandon the run
   */
  choose(candidates: readonly string[], before: readonly ExecutedStep[]): number | undefined;
}

/**
 * Lets a guide choose every step, and records what each did: which steps it scheduled and took back, what it touched,
 * whose code it ran, whether it moved time.
 *
 * A step that is due later than now moves time, and conflicts with every other step: each other step may read a clock
 * or start a timer. So of two steps without a conflict neither changes when the other is due.
 */
export class GuidedScheduler extends ChoosingScheduler {
  readonly steps: ExecutedStep[] = [];
  /** Whether the guide abandoned the run. */
  abandoned = false;

  private readonly guide: Guide;
  private queue: StepQueue | undefined;
  private pending = new Map<Step, Waiting>();
  private current: Current | undefined;
  private chosen: Step | undefined;
  private nowUs = 0;
  private readonly candidates: Step[] = [];

  constructor(guide: Guide) {
    super(neverUs);
    this.guide = guide;
  }

  override next(queue: StepQueue): Step | undefined {
    this.queue = queue;
    this.closeStep(queue);
    if (queue.size === 0) return undefined;
    const candidates = candidatesOf(queue, this.candidates).toSorted((left, right) =>
      comesBefore(left, right) ? -1 : 1,
    );
    const names = candidates.map((step) => this.pending.get(step)!.name);
    const index = this.guide.choose(names, this.steps);
    if (index === undefined) {
      this.abandoned = true;
      return undefined;
    }
    this.chosen = candidates[index]!;
    this.open(this.chosen, names);
    return super.next(queue);
  }

  /** The code of a life runs in this step, or it begins or ends. */
  entered(process: string, incarnation: number): void {
    this.touch({ id: lifeResource(process, incarnation), rw: "w" });
  }

  /** The step touches more than it told beforehand. */
  readonly touch = (footprint: Footprint): void => {
    this.current?.touched.add(footprint);
  };

  /** Closes the last step. Call once, after the run: what is still pending then never happens. */
  finish(): void {
    if (this.queue === undefined || this.abandoned) return;
    this.closeStep(this.queue);
    const last = this.steps.at(-1);
    if (last === undefined || this.queue.size === 0) return;
    this.steps[this.steps.length - 1] = { ...last, cancelled: [...last.cancelled, ...this.pending.values()] };
  }

  protected override choose(): Step {
    return this.chosen!;
  }

  private open(step: Step, candidates: readonly string[]): void {
    const pending = this.pending.get(step)!;
    const touched = new Touched();
    // Disks tell as it happens, and more closely.
    for (const footprint of step.touches) if (!footprint.id.startsWith("disk:")) touched.add(footprint);
    const { process, incarnation, site } = step.operation;
    // Whether its caller still lives decides what becomes of it.
    touched.add({ id: lifeResource(process, incarnation), rw: "r" });
    // One of its steps may take back another, as an answer does with the time limit.
    touched.add({ id: `operation:${site}`, rw: "w" });
    touched.add({ id: timeResource, rw: step.dueUs > this.nowUs ? "w" : "r" });
    this.nowUs = Math.max(this.nowUs, step.dueUs);
    this.pending.delete(step);
    this.current = { ...pending, atUs: this.nowUs, touched, candidates };
  }

  /** Compares what is pending now with what was: the step between scheduled the one part and took back the other. */
  private closeStep(queue: StepQueue): void {
    const index = this.steps.length - (this.current === undefined ? 1 : 0);
    const before = this.pending;
    const pending = new Map<Step, Waiting>();
    for (const step of queue.steps) {
      const known = before.get(step);
      if (known?.sequence === step.sequence) pending.set(step, known);
      else pending.set(step, pendingStep(step, index));
    }
    const { current } = this;
    if (current !== undefined) {
      const cancelled = [...before.values()].filter(({ step, sequence }) => pending.get(step)?.sequence !== sequence);
      this.steps.push({ ...current, cancelled });
      this.current = undefined;
    }
    this.pending = pending;
  }
}

interface Waiting extends PendingStep {
  readonly step: Step;
  /** A step that is taken back and scheduled again is another one. */
  readonly sequence: number;
}

type Current = Omit<ExecutedStep, "cancelled">;

function pendingStep(step: Step, creator: number): Waiting {
  const { operation, stage, sequence, dueUs, latestUs } = step;
  return { name: `${operation.site} step ${stage}`, creator, dueUs, latestUs, step, sequence };
}
