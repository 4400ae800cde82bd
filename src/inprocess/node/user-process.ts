import { AsyncLocalStorage } from "node:async_hooks";
import { assert } from "../../base/assert.ts";
import type { Incarnation } from "../../kernel/process.ts";
import type { Ports } from "../../ports/ports.ts";
import type { CallContext } from "../../sim/call.ts";
import type { Host } from "../../sim/host.ts";
import { SimulatedPorts } from "../../sim/simulated-ports.ts";
import type { World } from "../../sim/world.ts";
import { AddressBook } from "../http/address.ts";
import { PendingLabels, type PendingLabel } from "./pending-labels.ts";
import { innermostPlace } from "../loading/stack-places.ts";
import type { SourceTree } from "../loading/source-tree.ts";

/** As Node's callbacks are: the error first. */
export type Callback = (error: unknown, value?: unknown) => unknown;

/** How a program is started, as a shell would say it. */
export interface ProgramStart {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute, on the simulated host. */
  readonly cwd: string;
}

/**
 * One life of a process that runs unmodified code: what its modules, timers, requests, files and children have in common.
 * Several share one thread; each turn of the kernel belongs to one of them, and within it the async context says which task.
 */
export class UserProcess {
  readonly world: World;
  readonly incarnation: Incarnation;
  readonly host: Host;
  readonly tree: SourceTree;
  readonly start: ProgramStart;
  readonly pid: number;
  readonly addresses = new AddressBook();
  /** Called once, when it ends by itself. */
  readonly onExit: (() => void)[] = [];

  private readonly tasks = new Map<string, UserTask>();
  private readonly mainTask: UserTask;
  private settle: { resolve: () => void; reject: (error: unknown) => void } | undefined;

  constructor(ports: Ports, tree: SourceTree, start: ProgramStart) {
    const context = contextOf(ports);
    this.world = context.world;
    this.incarnation = context.incarnation;
    this.host = this.world.hostOfProcess(this.incarnation.process);
    this.tree = tree;
    this.start = start;
    this.pid = this.host.takePid();
    this.mainTask = this.taskOf(ports);
  }

  /** Runs the program. Settles when it exits: until then it waits for events, as a process with open handles does. */
  run(body: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
      currentTask.run(this.mainTask, () => {
        // The kernel hears of its end from its very first line on.
        queueMicrotask(() => void body().catch((error: unknown) => this.crash(error)));
      });
    });
  }

  /** It was killed, crashed or has exited: nothing that its code still does has an effect. */
  get isGone(): boolean {
    return this.incarnation.state === "dead" || this.settle === undefined;
  }

  get name(): string {
    return this.incarnation.process.name;
  }

  /** The task that runs just now. */
  get task(): UserTask {
    const task = currentTask.getStore();
    return task?.process === this ? task : this.mainTask;
  }

  taskOf(ports: Ports): UserTask {
    const { task } = contextOf(ports);
    let known = this.tasks.get(task.name);
    if (known === undefined) {
      if (this.tasks.size >= tasksKeptMax) this.tasks.clear();
      known = new UserTask(this, ports);
      this.tasks.set(task.name, known);
    }
    return known;
  }

  /** @param name from its cause */
  forkedTask(name: string): UserTask {
    return this.taskOf(this.task.ports.fork(name));
  }

  /** Runs a callback as the event loop does: what it throws is an uncaught exception. */
  runCallback(callback: () => unknown): void {
    if (this.isGone) return;
    try {
      callback();
    } catch (error) {
      this.crash(error);
    }
  }

  /** Calls back as Node does, when the promise settles. What it is called with last is the value. */
  async callBack(callback: Callback, promise: Promise<unknown>): Promise<void> {
    let value: unknown;
    try {
      value = await promise;
    } catch (error) {
      this.runCallback(() => callback(error));
      return;
    }
    this.runCallback(() => callback(null, value));
  }

  /** An exception that nobody caught. */
  crash(error: unknown): void {
    if (error instanceof ProcessGone || this.isGone) return;
    this.end((settle) => settle.reject(error));
  }

  /** @throws {ProcessGone} which unwinds the code that called it */
  exit(code: number): never {
    if (!this.isGone) {
      this.end((settle) => {
        if (code === 0) settle.resolve();
        else settle.reject(new ExitCode(`exit code ${code}`));
      });
    }
    throw new ProcessGone();
  }

  /** For what has an effect at once. @throws {ProcessGone} */
  assertLives(): void {
    if (this.isGone) throw new ProcessGone();
  }

  /** What cannot be made deterministic is never passed through: it ends the run, and says where it was called. */
  refuse(api: string, instead: string): never {
    return this.world.kernel.leaked(`${api}${this.whereCalled()}`, instead);
  }

  /** What the simulation could do and does not: ends the run. */
  unmodelled(what: string): never {
    const error = new Error(`${what}${this.whereCalled()} is not modelled in process`);
    this.world.kernel.fail(error);
    throw new ProcessGone();
  }

  private whereCalled(): string {
    const place = currentTask.run(this.task, () => innermostPlace(deepStack()));
    return place === undefined ? "" : ` (called at ${place})`;
  }

  private end(settleMain: (settle: NonNullable<UserProcess["settle"]>) => void): void {
    const { settle, incarnation, world } = this;
    assert(settle !== undefined, "a process ends once");
    for (const listener of this.onExit.splice(0)) listener();
    this.settle = undefined;
    settleMain(settle);
    // The kernel's reaction to the end comes first, so that it still counts as one of a living process.
    queueMicrotask(() => {
      if (incarnation.state !== "dead") incarnation.state = "dead";
    });
    world.network.forgetProcess(incarnation);
    this.host.parentDied(incarnation);
  }
}

/** A task of the kernel's, as unmodified code runs in it: it gives calls that go on at the same time names of their own. */
export class UserTask {
  readonly process: UserProcess;
  readonly ports: Ports;
  readonly context: CallContext;
  private readonly pending = new PendingLabels();

  constructor(process: UserProcess, ports: Ports) {
    this.process = process;
    this.ports = ports;
    this.context = contextOf(ports);
  }

  /**
   * A label that no pending call has: the given one, or with a number behind its key. The number is one of arrival, which is
   * the best that can be had where nothing else tells two calls apart.
   */
  take(name: string, key: string): PendingLabel {
    return this.pending.take(name, key);
  }

  giveBack(label: PendingLabel): void {
    this.pending.giveBack(label);
  }

  /** Calls a port under a name of its own among what is pending. */
  async call<Value>(
    name: string,
    key: string,
    send: (ports: Ports, label: PendingLabel) => Promise<Value>,
  ): Promise<Value> {
    const label = this.take(name, key);
    const value = await send(this.ports, label);
    this.giveBack(label);
    return value;
  }
}

/** Unwinds the code of a process that is no more. */
export class ProcessGone extends Error {
  override readonly name = "ProcessGone";
}

class ExitCode extends Error {
  override readonly name = "Exit";
}

/** Which task the code that runs belongs to, in all threads of continuations. */
export const currentTask = new AsyncLocalStorage<UserTask>();

/** More than any program has at a time: a poller forks one a tick, for ever. */
const tasksKeptMax = 10_000;

/** Unmodified code calls no port, so that what stands behind one has to be taken out of it. */
function contextOf(ports: Ports): CallContext {
  assert(ports instanceof SimulatedPorts, "unmodified code runs in a simulation");
  return ports["context"];
}

function deepStack(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const { stack = "" } = new Error("here");
  Error.stackTraceLimit = limit;
  return stack;
}
