import { AssertionFailure, assert } from "../base/assert.ts";
import type { Footprint } from "../base/footprint.ts";
import { Draws } from "./draws.ts";
import { enterSimulatedCode, leaveSimulatedCode, type LeakWatch } from "./guards.ts";
import type { AnswerOutcome, KernelObserver } from "./observer.ts";
import type { Operation } from "./operation.ts";
import { Incarnation, SimulatedProcess, type Continuation, type ProcessOptions } from "./process.ts";
import { firstDue, nominalPace, type Pace, type Scheduler } from "./scheduler.ts";
import { afterSettling, assertSettles, canSettleAtOnce, inMacrotask, settle } from "./settle.ts";
import type { Step } from "./step.ts";
import { StepQueue } from "./step-queue.ts";
import { AmbiguousSite, Task } from "./task.ts";
import { neverUs } from "./time.ts";

/** How a run ended. Only `stopped` and `quiescent` are regular ends. */
export type RunEnd =
  | { readonly kind: "stopped"; readonly reason: string }
  /** Nothing pending, nothing armed, every process done or a daemon. */
  | { readonly kind: "quiescent" }
  | { readonly kind: "deadlock"; readonly waiting: readonly string[] }
  | {
      readonly kind: "limit";
      readonly limit: "stepsMax" | "virtualMsMax" | "stepsAtOneInstantMax";
      readonly value: number;
    }
  | {
      readonly kind: "leak";
      readonly api: string;
      readonly instead: string;
      readonly site: string;
      readonly stack: string;
    }
  | { readonly kind: "ambiguous-site"; readonly site: string }
  /** The world was asked for something it does not model, or our own code failed. */
  | { readonly kind: "broken"; readonly error: Error };

export interface KernelOptions {
  readonly seed: number;
  readonly scheduler?: Scheduler;
  readonly pace?: Pace;
  readonly observer?: KernelObserver;
  readonly stepsMax: number;
  readonly virtualMsMax: number;
  /** `none`: messages, disks and programs answer within the instant, as late as they may all the same; timers as ever. */
  readonly latencies?: "nominal" | "none";
  /** More steps than this without time moving are a livelock. */
  readonly stepsAtOneInstantMax?: number;
  /** Shared with a watchdog in another thread: counts turns, so that a chain that calls no port shows as standing still. */
  readonly heartbeat?: Int32Array;
}

/** Ends the run from inside a step, with its reason. */
export class RunBroken extends Error {
  override readonly name: string = "RunBroken";
}

/** A step touches what it does not tell, in a run that wants to know. */
export class UntoldTouch extends RunBroken {
  override readonly name = "UntoldTouch";
}

/**
 * Virtual time, pending operations and the turns of simulated processes. It knows no domain: an operation is a name,
 * a step is something that can happen, and what happens is the business of who scheduled it.
 *
 * One turn: take a step, move time to it, let it happen, and let the process that it answered run until its promise
 * reactions are dry.
 */
export class Kernel implements LeakWatch {
  readonly draws: Draws;
  nowUs = 0;
  stepsRun = 0;
  operationsSent = 0;
  /** Told of what steps really touch; absent when nobody wants to know. */
  readonly onTouch: ((footprint: Footprint) => void) | undefined;
  readonly processes = new Map<string, SimulatedProcess>();

  private readonly queue = new StepQueue();
  private readonly scheduler: Scheduler;
  private readonly pace: Pace;
  private readonly observer: KernelObserver | undefined;
  private readonly options: KernelOptions;
  private readonly withoutLatencies: boolean;
  private readonly stepsAtOneInstantMax: number;
  private readonly virtualUsMax: number;
  private sequence = 0;
  private stepsAtThisInstant = 0;
  /** Whose code runs, or ran in this turn. */
  private owner: Incarnation | undefined;
  private lastOperation: Operation | undefined;
  private end: RunEnd | undefined;

  constructor(options: KernelOptions) {
    this.options = options;
    this.draws = new Draws(options.seed);
    this.scheduler = options.scheduler ?? firstDue;
    this.onTouch = this.scheduler.touch;
    this.pace = options.pace ?? nominalPace;
    this.observer = options.observer;
    this.withoutLatencies = options.latencies === "none";
    this.stepsAtOneInstantMax = options.stepsAtOneInstantMax ?? 100_000;
    this.virtualUsMax = options.virtualMsMax * 1000;
  }

  /** Runs to the end. Settles between steps in one go where this Node can, else from macrotask to macrotask. */
  run(options: { readonly settling?: "at-once" | "by-macrotask" } = {}): Promise<RunEnd> {
    const atOnce = options.settling === undefined ? canSettleAtOnce() : options.settling === "at-once";
    if (atOnce) return inMacrotask(() => this.runToEnd());
    return new Promise((resolve) => {
      const restore = this.takeRejections();
      const turn = (): void => {
        this.finishTurn();
        if (this.end !== undefined) {
          restore();
          resolve(this.end);
          return;
        }
        this.takeStep();
        afterSettling(turn);
      };
      afterSettling(turn);
    });
  }

  /** Runs to the end without leaving this macrotask. Call it through `inMacrotask`. */
  runToEnd(): RunEnd {
    assertSettles();
    const restore = this.takeRejections();
    try {
      while (this.end === undefined) {
        this.takeStep();
        if (this.owner !== undefined) {
          settle();
          this.finishTurn();
        }
      }
    } finally {
      leaveSimulatedCode();
      restore();
    }
    return this.end;
  }

  /** Ends the run after the current turn. */
  stop(reason: string): void {
    this.end ??= { kind: "stopped", reason };
  }

  addProcess(
    name: string,
    main: (incarnation: Incarnation) => Promise<void>,
    options: ProcessOptions = {},
  ): SimulatedProcess {
    assert(!this.processes.has(name), `a process named ${name} exists already`);
    const process = new SimulatedProcess(name, main, options);
    this.processes.set(name, process);
    return process;
  }

  /** Begins a life of the process, now. Call it from a step. */
  start(process: SimulatedProcess): void {
    const last = process.current;
    assert(last === undefined || last.finished || last.state === "dead", `${process.name} is running already`);
    // What it had left pending when it exited must not go on beside the next life.
    if (last !== undefined) last.state = "dead";
    const incarnation = new Incarnation(process, process.lives++);
    process.current = incarnation;
    this.observer?.process(process.name, incarnation.number, "start", "");
    this.enter(incarnation);
    process.main(incarnation).then(
      () => {
        if (incarnation.state === "dead") return;
        incarnation.finished = true;
        this.observer?.process(process.name, incarnation.number, "finish", "");
      },
      (error: unknown) => this.crash(incarnation, error),
    );
  }

  /**
   * Ends a life between two steps. What it had sent may still take effect; none of its promises settles any more, so
   * `finally` blocks do not run.
   */
  kill(process: SimulatedProcess, turn: "kill" | "host-crash", reason: string): void {
    const incarnation = process.current;
    if (incarnation === undefined || incarnation.state === "dead") return;
    incarnation.state = "dead";
    incarnation.backlog.length = 0;
    this.observer?.process(process.name, incarnation.number, turn, reason);
  }

  /** Time goes on, its code does not. Answers wait. */
  pause(process: SimulatedProcess): boolean {
    const incarnation = process.current;
    if (incarnation?.state !== "alive") return false;
    incarnation.state = "paused";
    this.observer?.process(process.name, incarnation.number, "pause", "");
    return true;
  }

  resume(process: SimulatedProcess): void {
    const incarnation = process.current;
    if (incarnation?.state !== "paused") return;
    incarnation.state = "alive";
    this.observer?.process(process.name, incarnation.number, "resume", "");
    this.enter(incarnation);
    for (const continuation of incarnation.backlog.splice(0)) continuation.deliver();
  }

  jumpClock(process: SimulatedProcess, byMs: number): void {
    process.clock.jump(byMs);
    this.observer?.process(process.name, process.lives - 1, "clock-jump", `${byMs} ms`);
  }

  /** Names a new operation and counts it. */
  begin(task: Task, name: string, key: string): Operation {
    const operation = task.operation(this.operationsSent++, name, key);
    task.pendingCount++;
    this.lastOperation = operation;
    this.observer?.sent(operation);
    return operation;
  }

  /**
   * Puts a step in the queue.
   * @param nominalUs how long from now, nominally, >= 0
   * @param slackUs how much later it may still be: what a slow network, disk or program allows
   */
  schedule(step: Step, nominalUs: number, slackUs: number): void {
    const isInstant = this.withoutLatencies && slackUs > 0 && !step.isTimer;
    const dueUs = isInstant ? this.nowUs : this.nowUs + nominalUs;
    step.dueUs = dueUs + (slackUs === 0 ? 0 : this.pace.extraUs(step, slackUs));
    step.latestUs = slackUs >= neverUs ? neverUs : dueUs + slackUs;
    step.sequence = this.sequence++;
    this.queue.push(step);
  }

  /** Takes a step back. It must not happen any more; one that is not waiting is left alone. */
  cancel(step: Step): void {
    if (step.queueIndex !== -1) this.queue.remove(step);
  }

  /**
   * Answers an operation: its caller's code runs next, unless that life has ended.
   * @param continuation settles the caller's promise
   */
  answer(
    operation: Operation,
    to: Incarnation,
    outcome: AnswerOutcome,
    detail: string,
    continuation: Continuation,
  ): void {
    if (!operation.pending) return;
    this.forget(operation);
    if (to.state === "dead") return;
    this.observer?.answered(operation, outcome, detail);
    this.deliver(to, continuation);
  }

  /** Hands something to a process's code: at once, when it resumes, or never. */
  deliver(to: Incarnation, continuation: Continuation): void {
    if (to.state === "dead") return;
    if (to.state === "paused") {
      to.backlog.push(continuation);
      return;
    }
    this.enter(to);
    continuation.deliver();
  }

  /** Closes an operation that nobody waits for. */
  forget(operation: Operation): void {
    if (!operation.pending) return;
    operation.pending = false;
    operation.task.pendingCount--;
  }

  /** Ends the run: real time, chance or effects were reached from simulated code. */
  leaked(api: string, instead: string): never {
    const error = new RunBroken(`${api} was called inside the simulation; use ${instead}`);
    leaveSimulatedCode();
    this.end ??= { kind: "leak", api, instead, site: this.lastSite(), stack: ownStack(error) };
    if (this.owner !== undefined) this.owner.state = "dead";
    throw error;
  }

  /**
   * Call it where a step touches something that it does not tell. Ends the run if somebody wants to know: orders of such
   * steps would be taken for equivalent that are not.
   */
  touchesUntold(what: string): void {
    if (this.onTouch === undefined) return;
    throw new UntoldTouch(`${what}: what that touches is not told, so not every schedule can be explored`);
  }

  /** Ends the run for a reason that is not the subject's. */
  fail(error: Error): void {
    this.end ??=
      error instanceof AmbiguousSite ? { kind: "ambiguous-site", site: error.site } : { kind: "broken", error };
  }

  /** Where the run is, for reports about a run that cannot go on. */
  lastSite(): string {
    return this.lastOperation?.site ?? "before the first operation";
  }

  private takeStep(): void {
    const step = this.scheduler.next(this.queue);
    if (step === undefined) {
      this.end = this.endOfWork();
      return;
    }
    if (step.dueUs > this.nowUs) {
      this.nowUs = step.dueUs;
      this.stepsAtThisInstant = 0;
      if (this.nowUs > this.virtualUsMax) {
        this.end = { kind: "limit", limit: "virtualMsMax", value: this.options.virtualMsMax };
        return;
      }
    }
    if (++this.stepsRun > this.options.stepsMax) {
      this.end = { kind: "limit", limit: "stepsMax", value: this.options.stepsMax };
      return;
    }
    if (++this.stepsAtThisInstant > this.stepsAtOneInstantMax) {
      this.end = { kind: "limit", limit: "stepsAtOneInstantMax", value: this.stepsAtOneInstantMax };
      return;
    }
    if (this.options.heartbeat !== undefined) this.options.heartbeat[0]!++;
    try {
      step.fire();
    } catch (error) {
      this.fail(error as Error);
    }
  }

  /** The code of `incarnation` runs in this turn. */
  private enter(incarnation: Incarnation): void {
    assert(this.owner === undefined || this.owner === incarnation, "one turn belongs to one process");
    this.owner = incarnation;
    this.scheduler.entered?.(incarnation.process.name, incarnation.number);
    enterSimulatedCode(this);
  }

  private finishTurn(): void {
    this.owner = undefined;
    leaveSimulatedCode();
  }

  private endOfWork(): RunEnd {
    const waiting: string[] = [];
    for (const process of this.processes.values()) {
      const life = process.current;
      if (life !== undefined && life.state !== "dead" && !life.finished && !process.daemon) waiting.push(process.name);
    }
    return waiting.length === 0 ? { kind: "quiescent" } : { kind: "deadlock", waiting };
  }

  private crash(incarnation: Incarnation, error: unknown): void {
    if (error instanceof AmbiguousSite || error instanceof AssertionFailure || error instanceof RunBroken) {
      this.fail(error);
    }
    if (incarnation.state === "dead") return;
    incarnation.state = "dead";
    incarnation.backlog.length = 0;
    this.observer?.process(incarnation.process.name, incarnation.number, "crash", ownText(error));
  }

  /** An unhandled rejection crashes the process whose turn it is; nobody else in this Node hears of it. */
  private takeRejections(): () => void {
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (error) => {
      if (this.owner === undefined) this.fail(error instanceof Error ? error : new Error(String(error)));
      else this.crash(this.owner, error);
    });
    return () => {
      process.removeAllListeners("unhandledRejection");
      for (const listener of others) process.on("unhandledRejection", listener);
    };
  }
}

/** What an error says, without engine text that differs between Node versions. */
function ownText(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "string" ? error : typeof error;
  const engineWords =
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError ||
    error instanceof SyntaxError;
  return engineWords ? error.name : `${error.name}: ${error.message}`;
}

/** The stack without our own frames and Node's. */
function ownStack(error: Error): string {
  return (error.stack ?? "")
    .split("\n")
    .slice(1)
    .filter((line) => !/src\/kernel\/\w+\.[jt]s|node:internal/.test(line))
    .map((line) => line.trim())
    .join("\n");
}
