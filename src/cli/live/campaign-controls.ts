import type { Task, TaskEnd, TaskExecutor } from "../../campaign/task.ts";
import { Stopwatch } from "./stopwatch.ts";

/** Holds a campaign, lets it go on, ends it. What workers have begun they finish: a piece takes about 100 ms. */
export class CampaignControls {
  /** Aborted by an interruption of the process, or by `stop`. */
  readonly stopped: AbortSignal;
  readonly stopwatch: Stopwatch;

  private readonly stopping = new AbortController();
  private held: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  constructor(interrupted: AbortSignal, readMs: () => number = () => performance.now()) {
    this.stopped = AbortSignal.any([interrupted, this.stopping.signal]);
    this.stopwatch = new Stopwatch(readMs);
    this.stopped.addEventListener("abort", () => this.resume());
  }

  get isPaused(): boolean {
    return this.held !== undefined;
  }

  pause(): void {
    if (this.isPaused || this.stopped.aborted) return;
    this.stopwatch.pause();
    this.held = Promise.withResolvers<void>();
  }

  resume(): void {
    this.stopwatch.resume();
    this.held?.resolve();
    this.held = undefined;
  }

  stop(): void {
    this.stopping.abort();
  }

  /** @returns an executor that begins no task while the campaign is held */
  gate(executor: TaskExecutor): TaskExecutor {
    const run = async (task: Task): Promise<TaskEnd> => {
      while (this.held !== undefined) await this.held.promise;
      return executor.run(task);
    };
    return { concurrency: executor.concurrency, run, close: () => executor.close() };
  }
}
