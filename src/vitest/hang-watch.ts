import inspector from "node:inspector";
import { isMainThread, Worker } from "node:worker_threads";
import { Pulse } from "../campaign/pulse.ts";
import { keepCodeOfTypeStripping } from "../real/type-stripping.ts";

export interface HangWatchOptions {
  /** Real time that a run may keep the turn without a step. */
  readonly stallMsMax: number;
  /** As they are printed: the test, and what runs it alone. */
  readonly test: string;
  readonly command: string;
}

/** What the thread is told. */
export interface WatchOrder extends HangWatchOptions {
  readonly memory: SharedArrayBuffer;
  /** The process is this test's alone: its stack can be read, and it can be ended. */
  readonly isOwnProcess: boolean;
}

/**
 * Looks from a thread of its own whether runs go on. Simulated code that never gives the turn back would hang vitest
 * without a word: the seed and the stack are printed, and where vitest runs files in processes, this one is ended.
 */
export class HangWatch {
  readonly pulse: Pulse;
  private readonly thread: Worker | undefined;

  constructor(options: HangWatchOptions) {
    const memory = Pulse.memory(1);
    this.pulse = new Pulse(memory, 0);
    this.pulse.clear();
    // Who stands at a breakpoint hangs on purpose.
    if (inspector.url() !== undefined) return;
    const workerData: WatchOrder = { ...options, memory, isOwnProcess: isMainThread };
    keepCodeOfTypeStripping();
    this.thread = new Worker(threadUrl, { workerData });
    this.thread.unref();
  }

  close(): void {
    void this.thread?.terminate();
  }
}

const threadUrl = new URL(`./hang-watch-thread${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`, import.meta.url);
