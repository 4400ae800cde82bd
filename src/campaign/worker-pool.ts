import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { assert } from "../base/assert.ts";
import type { JsonObject } from "../base/json.ts";
import { Pulse } from "./pulse.ts";
import type { Task, TaskAnswer, TaskEnd, TaskExecutor } from "./task.ts";

export interface WorkerPoolOptions {
  /** A module that exports `runTask(order: Order<Work>): Promise<Answer>`. */
  readonly workerUrl: URL;
  /** Threads, >= 1. */
  readonly workers: number;
  /** What every worker is told when it starts. */
  readonly settings: JsonObject;
  /** A worker whose beats stand still for so long is ended. */
  readonly stallMsMax?: number;
}

/** What a worker gets for one task. */
export interface Order<Work = Task> {
  readonly task: Work;
  readonly slot: number;
}

/** What a worker finds in its `workerData`. */
export interface WorkerSettings {
  readonly memory: SharedArrayBuffer;
  readonly settings: JsonObject;
}

/** Tasks on threads, under a watchdog: a run that never comes back costs one worker, not the campaign. */
export class WorkerPool<Work = Task, Answer = TaskAnswer> implements TaskExecutor<Work, Answer> {
  readonly concurrency: number;

  private readonly piscina: Piscina<Order<Work>, Answer>;
  private readonly pulses: readonly Pulse[];
  private readonly freeSlots: number[];
  private readonly stallMsMax: number;
  private closed = false;

  constructor(options: WorkerPoolOptions) {
    this.concurrency = options.workers;
    this.stallMsMax = options.stallMsMax ?? 10_000;
    const memory = Pulse.memory(options.workers);
    const workerData: WorkerSettings = { memory, settings: options.settings };
    this.pulses = Array.from({ length: options.workers }, (_, slot) => new Pulse(memory, slot));
    this.freeSlots = this.pulses.map((_, slot) => slot);
    this.piscina = new Piscina({
      filename: fileURLToPath(options.workerUrl),
      minThreads: options.workers,
      maxThreads: options.workers,
      // Waiting for tasks in Atomics.wait would starve what a task leaves behind, and chunks are long anyway.
      atomics: "disabled",
      workerData,
    });
    // A worker that ends without a task is replaced; the event would throw if nobody listened.
    this.piscina.on("error", () => {});
  }

  /** At most `concurrency` tasks may run at a time. */
  async run(task: Work): Promise<TaskEnd<Answer>> {
    const slot = this.freeSlots.pop();
    assert(slot !== undefined, `more than ${this.concurrency} tasks at a time`);
    const pulse = this.pulses[slot]!;
    pulse.clear();
    const watchdog = watch(pulse, this.stallMsMax);
    try {
      const answer = await this.piscina.run({ task, slot }, { name: "runTask", signal: watchdog.signal });
      return { kind: "answered", answer };
    } catch (error) {
      if (this.closed) return { kind: "stopped" };
      if (watchdog.signal.aborted) return { kind: "stalled", seed: pulse.seed, site: pulse.site };
      return { kind: "died", seed: pulse.seed, why: error instanceof Error ? error.message : String(error) };
    } finally {
      watchdog.stop();
      this.freeSlots.push(slot);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.piscina.destroy();
  }
}

/** Aborts its signal when the beats stand still. The first beat may take as long as loading the scenarios does. */
function watch(pulse: Pulse, stallMsMax: number): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  let lastBeat = pulse.beat[0]!;
  let stillSinceMs = performance.now();
  const timer = setInterval(
    () => {
      const beat = Atomics.load(pulse.beat, 0);
      if (beat !== lastBeat) {
        lastBeat = beat;
        stillSinceMs = performance.now();
      } else if (performance.now() - stillSinceMs > stallMsMax) {
        controller.abort();
      }
    },
    Math.min(500, stallMsMax / 4),
  );
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}
