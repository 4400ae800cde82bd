import { AsyncResource } from "node:async_hooks";
import { promisify } from "node:util";
import { Call } from "../../sim/call.ts";
import type { PendingLabel } from "./pending-labels.ts";
import { currentTask, type UserProcess, type UserTask } from "./user-process.ts";

/** Timers fire late, never early: an event loop that is busy, a machine that is slow. */
const slackUs = 5_000;
const delayMsMax = 2 ** 31 - 1;

type Callback = (...args: unknown[]) => unknown;

/** `setTimeout` and its kin on the kernel. Each is a timer of its process: it goes when the process does. */
export class Timers {
  private readonly process: UserProcess;
  /** Those of which somebody wanted a number. */
  private readonly numbered = new Map<number, Timer>();
  private intervals = 0;
  private nextNumber = 1;

  constructor(process: UserProcess) {
    this.process = process;
    Object.defineProperty(this.setTimeout, promisify.custom, { value: this.sleep });
    Object.defineProperty(this.setImmediate, promisify.custom, { value: this.immediately });
  }

  readonly setTimeout = (callback: Callback, delay?: unknown, ...args: unknown[]): Timer => {
    refuseNoFunction(callback);
    return new Timer(this, "timeout", delayMs(delay), () => callback(...args));
  };

  readonly setInterval = (callback: Callback, delay?: unknown, ...args: unknown[]): Timer => {
    refuseNoFunction(callback);
    const everyMs = delayMs(delay);
    const name = `every ${everyMs}ms~${++this.intervals}`;
    let tick = 0;
    const timer = new Timer(this, "interval", everyMs, () => {
      // Ticks may overlap: each is a task of its own.
      const task = this.process.forkedTask(`${name} tick ${tick++}`);
      timer.refresh();
      return currentTask.run(task, () => callback(...args));
    });
    return timer;
  };

  readonly setImmediate = (callback: Callback, ...args: unknown[]): Timer => {
    refuseNoFunction(callback);
    return new Timer(this, "immediate", 0, () => callback(...args));
  };

  /** Of all three kinds, by what they gave or by its number. */
  readonly clear = (given: unknown): void => {
    const timer = given instanceof Timer ? given : this.numbered.get(Number(given));
    timer?.close();
  };

  /** Of `node:timers/promises`. */
  readonly sleep = (delay?: unknown, value?: unknown, options?: TimerOptions): Promise<unknown> =>
    this.promised((resolve) => new Timer(this, "timeout", delayMs(delay), () => resolve(value)), options);

  readonly immediately = (value?: unknown, options?: TimerOptions): Promise<unknown> =>
    this.promised((resolve) => new Timer(this, "immediate", 0, () => resolve(value)), options);

  readonly every = (delay?: unknown, value?: unknown, options?: TimerOptions): AsyncIterable<unknown> => {
    const { sleep } = this;
    return (async function* () {
      for (;;) yield await sleep(delay, value, options);
    })();
  };

  modules(): { readonly timers: object; readonly promises: object } {
    const { setTimeout, setInterval, setImmediate, clear, sleep, immediately, every } = this;
    const promises = {
      setTimeout: sleep,
      setImmediate: immediately,
      setInterval: every,
      scheduler: {
        wait: (ms: number, options?: TimerOptions) => sleep(ms, undefined, options),
        yield: () => immediately(),
      },
    };
    const clears = { clearTimeout: clear, clearInterval: clear, clearImmediate: clear };
    return { timers: { setTimeout, setInterval, setImmediate, ...clears, promises }, promises };
  }

  /** For `Timer` alone. */
  begin(kind: string, ms: number, ring: () => void): TimerCall | undefined {
    const { process } = this;
    if (process.isGone) return undefined;
    const { task } = process;
    const call = new TimerCall(process, task, task.take(`timer.${kind}`, `${ms}ms`), ms, ring);
    void call.send();
    return call;
  }

  /** For `Timer` alone. */
  number(timer: Timer): number {
    const number = this.nextNumber++;
    this.numbered.set(number, timer);
    return number;
  }

  private promised(arm: (resolve: (value: unknown) => void) => Timer, options: TimerOptions = {}): Promise<unknown> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(aborted(signal));
        return;
      }
      const onAbort = (): void => {
        timer.close();
        reject(aborted(signal!));
      };
      const timer = arm((value) => {
        signal?.removeEventListener("abort", onAbort);
        resolve(value);
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }
}

interface TimerOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

/** What `setTimeout` gives. */
export class Timer {
  private readonly timers: Timers;
  private readonly kind: string;
  private readonly ms: number;
  private readonly ring: () => void;
  private call: TimerCall | undefined;
  private number: number | undefined;
  private isReferenced = true;

  constructor(timers: Timers, kind: string, ms: number, callback: () => unknown) {
    this.timers = timers;
    this.kind = kind;
    this.ms = ms;
    const context = new AsyncResource("Timer");
    this.ring = () => context.runInAsyncScope(callback);
    this.arm();
  }

  refresh(): this {
    this.close();
    this.arm();
    return this;
  }

  close(): this {
    this.call?.cancel();
    this.call = undefined;
    return this;
  }

  ref(): this {
    this.isReferenced = true;
    return this;
  }

  unref(): this {
    this.isReferenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.isReferenced;
  }

  [Symbol.toPrimitive](): number {
    return (this.number ??= this.timers.number(this));
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private arm(): void {
    this.call = this.timers.begin(this.kind, this.ms, this.ring);
  }
}

class TimerCall extends Call<void> {
  private readonly process: UserProcess;
  private readonly task: UserTask;
  private readonly label: PendingLabel;
  private readonly ms: number;
  private readonly ring: () => void;

  constructor(process: UserProcess, task: UserTask, label: PendingLabel, ms: number, ring: () => void) {
    super(task.context, label.name, label.key, "clock");
    this.process = process;
    this.label = label;
    this.task = task;
    this.ms = ms;
    this.ring = ring;
  }

  override get isTimer(): boolean {
    return true;
  }

  protected override leave(): void {
    const { world, incarnation } = this.context;
    world.kernel.schedule(this, incarnation.process.clock.trueUs(this.ms), slackUs);
  }

  override fire(): void {
    this.free();
    this.finish("ok", "", undefined);
  }

  override deliver(): void {
    this.process.runCallback(this.ring);
  }

  cancel(): void {
    if (!this.operation.pending) return;
    this.free();
    this.world.kernel.cancel(this);
    this.world.kernel.forget(this.operation);
  }

  private free(): void {
    this.task.giveBack(this.label);
  }
}

function delayMs(delay: unknown): number {
  const ms = Number(delay);
  return ms >= 1 && ms <= delayMsMax ? Math.trunc(ms) : 1;
}

function refuseNoFunction(callback: unknown): void {
  if (typeof callback === "function") return;
  throw Object.assign(new TypeError('The "callback" argument must be of type function.'), {
    code: "ERR_INVALID_ARG_TYPE",
  });
}

function aborted(signal: AbortSignal): Error {
  const error = new Error("The operation was aborted", { cause: signal.reason });
  return Object.assign(error, { name: "AbortError", code: "ABORT_ERR" });
}
