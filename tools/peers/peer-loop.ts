import { AssertionFailure } from "../../src/base/assert.ts";
import { Draws } from "../../src/kernel/draws.ts";
import { RunBroken, type Kernel, type RunEnd } from "../../src/kernel/kernel.ts";
import type { AnswerOutcome, KernelObserver } from "../../src/kernel/observer.ts";
import { Operation } from "../../src/kernel/operation.ts";
import { Incarnation, SimulatedProcess, type Continuation, type ProcessOptions } from "../../src/kernel/process.ts";
import type { Step } from "../../src/kernel/step.ts";
import { AmbiguousSite, type Task } from "../../src/kernel/task.ts";

/** What the fakes and the ports ask of whatever makes things happen: all of the kernel but its own running. */
type AskedOfKernel = Omit<Pick<Kernel, keyof Kernel>, "run" | "runToEnd" | "leaked" | "lastSite">;

export interface PeerLoopOptions {
  readonly seed: number;
  readonly observer: KernelObserver;
  readonly stepsMax: number;
  readonly virtualMsMax: number;
}

/**
 * A peer in the kernel's place: the same core, ports, fakes, history and invariants, but what is pending waits in the
 * peer's own event loop, and the peer decides when it happens. Nobody is killed, paused or moved in time here: no peer
 * has a word for that.
 */
export abstract class PeerLoop implements AskedOfKernel {
  readonly draws: Draws;
  readonly processes = new Map<string, SimulatedProcess>();
  stepsRun = 0;
  operationsSent = 0;
  /** Nobody explores what touches what. */
  readonly onTouch = undefined;
  end: RunEnd | undefined;

  private readonly options: PeerLoopOptions;
  /** Pending steps, each with the number of its latest wait: one that was taken back, or waits anew, does not happen. */
  private readonly waits = new Map<Step, number>();
  private waitsBegun = 0;

  constructor(options: PeerLoopOptions) {
    this.options = options;
    this.draws = new Draws(options.seed);
  }

  abstract get nowUs(): number;

  /** Runs until somebody stops it, or nothing is pending. */
  abstract run(): Promise<void>;

  /** Sees to it that `happen` is called once. Microseconds as in the kernel. */
  protected abstract wait(step: Step, nominalUs: number, slackUs: number, happen: () => void): void;

  schedule(step: Step, nominalUs: number, slackUs: number): void {
    if (this.end !== undefined) return;
    const wait = this.waitsBegun++;
    this.waits.set(step, wait);
    step.queueIndex = 0;
    step.dueUs = this.nowUs + nominalUs;
    this.wait(step, nominalUs, slackUs, () => {
      if (this.waits.get(step) === wait) this.happen(step);
    });
  }

  cancel(step: Step): void {
    this.waits.delete(step);
    step.queueIndex = -1;
  }

  get isIdle(): boolean {
    return this.waits.size === 0;
  }

  stop(reason: string): void {
    this.end ??= { kind: "stopped", reason };
  }

  fail(error: Error): void {
    this.end ??= { kind: "broken", error };
  }

  addProcess(
    name: string,
    main: (incarnation: Incarnation) => Promise<void>,
    options: ProcessOptions = {},
  ): SimulatedProcess {
    const process = new SimulatedProcess(name, main, options);
    this.processes.set(name, process);
    return process;
  }

  start(process: SimulatedProcess): void {
    const incarnation = new Incarnation(process, process.lives++);
    process.current = incarnation;
    this.options.observer.process(process.name, incarnation.number, "start", "");
    process.main(incarnation).then(
      () => {
        incarnation.finished = true;
        this.options.observer.process(process.name, incarnation.number, "finish", "");
      },
      (error: unknown) => this.crash(incarnation, error),
    );
  }

  begin(task: Task, name: string, key: string): Operation {
    const operation = this.named(task, name, key);
    this.operationsSent++;
    task.pendingCount++;
    this.options.observer.sent(operation);
    return operation;
  }

  answer(
    operation: Operation,
    to: Incarnation,
    outcome: AnswerOutcome,
    detail: string,
    continuation: Continuation,
  ): void {
    if (!operation.pending) return;
    this.forget(operation);
    this.options.observer.answered(operation, outcome, detail);
    this.deliver(to, continuation);
  }

  deliver(to: Incarnation, continuation: Continuation): void {
    if (to.state === "alive") continuation.deliver();
  }

  forget(operation: Operation): void {
    if (!operation.pending) return;
    operation.pending = false;
    operation.task.pendingCount--;
  }

  kill(): never {
    throw new Error("no peer can kill a process");
  }

  pause(): never {
    throw new Error("no peer can stop a process for a while");
  }

  resume(): never {
    throw new Error("no peer can stop a process for a while");
  }

  jumpClock(): never {
    throw new Error("no peer has a clock for each process");
  }

  /** Two of one name may be pending at once: only a schedule that is kept by names would have to tell them apart. */
  private named(task: Task, name: string, key: string): Operation {
    try {
      return task.operation(this.operationsSent, name, key);
    } catch (error) {
      if (!(error instanceof AmbiguousSite)) throw error;
      return new Operation(this.operationsSent, task, name, key, firstSpareOccurrence + this.operationsSent);
    }
  }

  touchesUntold(): void {}

  /** What the core throws ends its process; what the fakes and we throw ends the run. */
  private crash(incarnation: Incarnation, error: unknown): void {
    if (error instanceof AssertionFailure || error instanceof RunBroken) this.fail(error);
    incarnation.state = "dead";
    const { name } = incarnation.process;
    this.options.observer.process(name, incarnation.number, "crash", error instanceof Error ? error.name : "");
  }

  private happen(step: Step): void {
    this.cancel(step);
    if (this.end !== undefined) return;
    const { stepsMax, virtualMsMax } = this.options;
    if (++this.stepsRun > stepsMax) this.end = { kind: "limit", limit: "stepsMax", value: stepsMax };
    if (this.nowUs > virtualMsMax * 1_000) this.end = { kind: "limit", limit: "virtualMsMax", value: virtualMsMax };
    try {
      if (this.end === undefined) step.fire();
    } catch (error) {
      this.fail(error as Error);
    }
  }
}

/** No task counts so far. */
const firstSpareOccurrence = 1_000_000;
