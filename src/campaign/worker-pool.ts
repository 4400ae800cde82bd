import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { assert } from "../base/assert.ts";
import type { JsonObject } from "../base/json.ts";
import { Pulse } from "./pulse.ts";
import type { Task, TaskAnswer, TaskEnd, TaskExecutor } from "./task.ts";
import { keepCodeOfTypeStripping } from "../real/type-stripping.ts";

export interface WorkerPoolOptions {
  /** A module that exports `runTask(order: Order<Work>): Promise<Answer>`. */
  readonly workerUrl: URL;
  /** Threads, >= 1. */
  readonly workers: number;
  /** What every worker is told when it starts. */
  readonly settings: JsonObject;
  /** A worker whose beats stand still for so long is ended. */
  readonly stallMsMax?: number;
  /** The same before the first beat of a task: a new thread loads the code first, and on a busy machine that takes long. */
  readonly startMsMax?: number;
  /** A worker whose heap grows beyond this is ended: its seed is named. */
  readonly heapMiBMax?: number;
  /** The process may grow by so much for each worker before all of them are replaced between tasks. */
  readonly growthMiBMax?: number;
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

/**
 * Tasks on threads, under a watchdog: a run that never comes back, or takes all memory, costs one worker, not the
 * campaign. What workers leave behind over many tasks costs nothing for long: they are replaced.
 */
export class WorkerPool<Work = Task, Answer = TaskAnswer> implements TaskExecutor<Work, Answer> {
  readonly concurrency: number;

  private readonly options: WorkerPoolOptions;
  private readonly memory: SharedArrayBuffer;
  private readonly pulses: readonly Pulse[];
  private readonly freeSlots: number[];
  private readonly patience: Patience;
  private readonly growthBytesMax: number;
  private threads: Threads<Work, Answer>;
  private closed = false;

  constructor(options: WorkerPoolOptions) {
    this.options = options;
    this.concurrency = options.workers;
    this.patience = { stallMsMax: options.stallMsMax ?? 10_000, startMsMax: options.startMsMax ?? 120_000 };
    this.growthBytesMax = (options.growthMiBMax ?? 1_024) * options.workers * bytesPerMiB;
    this.memory = Pulse.memory(options.workers);
    this.pulses = Array.from({ length: options.workers }, (_, slot) => new Pulse(this.memory, slot));
    this.freeSlots = this.pulses.map((_, slot) => slot);
    this.threads = new Threads(options, this.memory);
  }

  /** At most `concurrency` tasks may run at a time. */
  async run(task: Work): Promise<TaskEnd<Answer>> {
    const slot = this.freeSlots.pop();
    assert(slot !== undefined, `more than ${this.concurrency} tasks at a time`);
    const pulse = this.pulses[slot]!;
    pulse.clear();
    this.replaceGrownThreads();
    const watchdog = watch(pulse, this.patience);
    try {
      return { kind: "answered", answer: await this.threads.run({ task, slot }, watchdog.signal) };
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
    await this.threads.end();
  }

  private replaceGrownThreads(): void {
    if (this.threads.growthBytes() <= this.growthBytesMax) return;
    this.threads.retire();
    this.threads = new Threads(this.options, this.memory);
  }
}

/** Threads that were started together. */
class Threads<Work, Answer> {
  private readonly piscina: Piscina<Order<Work>, Answer>;
  /** The least memory that the process was seen with since. */
  private leastBytes = Number.POSITIVE_INFINITY;
  private running = 0;
  private isRetired = false;

  constructor({ workerUrl, workers, settings, heapMiBMax = 1_024 }: WorkerPoolOptions, memory: SharedArrayBuffer) {
    const workerData: WorkerSettings = { memory, settings };
    keepCodeOfTypeStripping();
    this.piscina = new Piscina({
      filename: fileURLToPath(workerUrl),
      minThreads: workers,
      maxThreads: workers,
      // Waiting for tasks in Atomics.wait would starve what a task leaves behind, and chunks are long anyway.
      atomics: "disabled",
      // What one scavenge promotes must fit into what V8 grants beyond the limit, or it aborts the whole process.
      resourceLimits: { maxOldGenerationSizeMb: heapMiBMax, maxYoungGenerationSizeMb: 24 },
      workerData,
    });
    // A worker that ends without a task is replaced; the event would throw if nobody listened.
    this.piscina.on("error", () => {});
  }

  async run(order: Order<Work>, signal: AbortSignal): Promise<Answer> {
    this.running++;
    try {
      return await this.piscina.run(order, { name: "runTask", signal });
    } finally {
      this.running--;
      if (this.isRetired && this.running === 0) void this.end();
    }
  }

  /** Ends them when their last task has ended; they get no more. */
  retire(): void {
    this.isRetired = true;
    if (this.running === 0) void this.end();
  }

  /** Ends them, and what they are at. */
  async end(): Promise<void> {
    await this.piscina.destroy();
  }

  /** Of the whole process: the heaps of its threads are a part of it. */
  growthBytes(): number {
    const bytes = process.memoryUsage.rss();
    this.leastBytes = Math.min(this.leastBytes, bytes);
    return bytes - this.leastBytes;
  }
}

const bytesPerMiB = 1024 * 1024;

interface Patience {
  readonly stallMsMax: number;
  readonly startMsMax: number;
}

/** How much longer than usual a worker may stand still while the whole process gets no time to compute. */
const starvedFactor = 12;

/**
 * Aborts its signal when the beats stand still. A run that hangs computes; a thread that other programs keep from
 * computing does not, and is waited for.
 */
export function watch(
  pulse: Pulse,
  { stallMsMax, startMsMax }: Patience,
): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  let lastBeat = 0;
  let still = { sinceMs: performance.now(), cpuMs: processCpuMs() };
  const timer = setInterval(
    () => {
      const beat = Atomics.load(pulse.beat, 0);
      const now = { sinceMs: performance.now(), cpuMs: processCpuMs() };
      const patienceMs = beat === 0 ? startMsMax : stallMsMax;
      const stillMs = now.sinceMs - still.sinceMs;
      if (beat !== lastBeat) {
        lastBeat = beat;
        still = now;
      } else if (
        (stillMs > patienceMs && now.cpuMs - still.cpuMs > patienceMs / 2) ||
        stillMs > starvedFactor * patienceMs
      ) {
        controller.abort();
      }
    },
    Math.min(500, stallMsMax / 4, startMsMax / 4),
  );
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}

/** Of all threads. */
function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
