import type { Step } from "../../kernel/step.ts";
import { comesBefore, type StepQueue } from "../../kernel/step-queue.ts";
import { candidatesOf, ChoosingScheduler } from "./choosing-scheduler.ts";
import { Stream } from "./stream.ts";

export interface SurwOptions {
  readonly seed: number;
  /** The one resource whose accesses are interleaved uniformly. */
  readonly resource: string;
  /** By process: about how often it touches the resource in a run. */
  readonly counts: ReadonlyMap<string, number>;
  readonly fairFromUs: number;
}

/**
 * Selectively uniform random walk: of the interleavings of the accesses to one shared resource, each has about the
 * same chance. Whoever makes the next access is drawn in proportion to the accesses it has left; others' accesses
 * wait for it, as long as they may, and everything else goes on in the default order. How many accesses each makes is learnt
 * from a run in the default order; one that makes more than that is no longer held, nor waited for.
 *
 * Source: Zhao, Wolff, Mathur, Roychoudhury, "Selectively Uniform Concurrency Testing", ASPLOS 2025.
 */
export class Surw extends ChoosingScheduler {
  private readonly stream: Stream;
  private readonly resource: string;
  private readonly left: Map<string, number>;
  private readonly candidates: Step[] = [];
  private intended: string | undefined;

  constructor({ seed, resource, counts, fairFromUs }: SurwOptions) {
    super(fairFromUs);
    this.stream = new Stream(seed, 0x5a3);
    this.resource = resource;
    this.left = new Map(counts);
  }

  protected override choose(queue: StepQueue, first: Step): Step {
    this.intended ??= this.draw();
    if (this.intended === undefined) return first;
    let step = first;
    if (this.isAccess(first) && first.operation.process !== this.intended) {
      step = this.firstOther(candidatesOf(queue, this.candidates)) ?? first;
    }
    if (this.isAccess(step)) {
      const process = step.operation.process;
      this.left.set(process, Math.max(0, (this.left.get(process) ?? 0) - 1));
      this.intended = undefined;
    }
    return step;
  }

  /** The first that is no access, or the intended one; undefined when all that may come next are others' accesses. */
  private firstOther(candidates: readonly Step[]): Step | undefined {
    let best: Step | undefined;
    for (const step of candidates) {
      if (this.isAccess(step) && step.operation.process !== this.intended) continue;
      if (best === undefined || comesBefore(step, best)) best = step;
    }
    return best;
  }

  private isAccess(step: Step): boolean {
    for (const { id } of step.touches) if (id === this.resource) return true;
    return false;
  }

  /** By the accesses that each has left; undefined when all have made theirs: what comes on top is in the default order. */
  private draw(): string | undefined {
    let total = 0;
    for (const count of this.left.values()) total += count;
    if (total === 0) return undefined;
    let at = this.stream.below(total);
    for (const [process, count] of this.left) {
      if (at < count) return process;
      at -= count;
    }
    return undefined;
  }
}
