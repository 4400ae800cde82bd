import type { Footprint } from "../../src/base/footprint.ts";
import { Kernel, type KernelOptions, type RunEnd } from "../../src/kernel/kernel.ts";
import type { Operation } from "../../src/kernel/operation.ts";
import type { Continuation, Incarnation, ProcessOptions, SimulatedProcess } from "../../src/kernel/process.ts";
import { Step } from "../../src/kernel/step.ts";
import { Task } from "../../src/kernel/task.ts";

/** A toy world: processes call `tick(key)`, an operation of one step that writes the resource `key` and appends to a log. Nothing else. */
export class Toy {
  readonly kernel: Kernel;
  readonly log: string[] = [];

  private readonly boot = new Task("toy", 0, "boot");

  constructor(options: Partial<KernelOptions> = {}) {
    this.kernel = new Kernel({ seed: 1, stepsMax: 10_000, virtualMsMax: 3_600_000, ...options });
  }

  process(name: string, main: (toy: ToyPorts) => Promise<void>, options: ProcessOptions = {}): SimulatedProcess {
    const process = this.kernel.addProcess(name, (life) => main(new ToyPorts(this, life, "main")), options);
    this.at(0, `start ${name}`, () => this.kernel.start(process));
    return process;
  }

  at(afterUs: number, name: string, action: () => void): void {
    const operation = this.kernel.begin(this.boot, "world", name);
    this.kernel.schedule(new Action(operation, () => this.kernel.forget(operation), action), afterUs, 0);
  }

  run(settling?: "at-once" | "by-macrotask"): Promise<RunEnd> {
    return this.kernel.run(settling === undefined ? {} : { settling });
  }
}

export class ToyPorts {
  readonly life: Incarnation;
  private readonly toy: Toy;
  private readonly task: Task;

  constructor(toy: Toy, life: Incarnation, task: string) {
    this.toy = toy;
    this.life = life;
    this.task = life.task(task);
  }

  fork(name: string): ToyPorts {
    return new ToyPorts(this.toy, this.life, name);
  }

  /** Takes `us`, appends to the log, answers with the time. */
  tick(key: string, us = 1_000, slackUs = 0): Promise<number> {
    return new Promise((resolve) => {
      if (this.life.state === "dead") return;
      const operation = this.toy.kernel.begin(this.task, "tick", key);
      this.toy.kernel.schedule(new Tick(operation, this.toy, this.life, resolve), us, slackUs);
    });
  }
}

class Action extends Step {
  private readonly before: () => void;
  private readonly action: () => void;

  constructor(operation: Operation, before: () => void, action: () => void) {
    super(operation);
    this.before = before;
    this.action = action;
  }

  override fire(): void {
    this.before();
    this.action();
  }
}

class Tick extends Step implements Continuation {
  private readonly toy: Toy;
  private readonly life: Incarnation;
  private readonly resolve: (nowUs: number) => void;

  constructor(operation: Operation, toy: Toy, life: Incarnation, resolve: (nowUs: number) => void) {
    super(operation);
    this.toy = toy;
    this.life = life;
    this.resolve = resolve;
  }

  override get touches(): readonly Footprint[] {
    return [{ id: this.operation.key, rw: "w" }];
  }

  override fire(): void {
    this.toy.log.push(`${this.toy.kernel.nowUs} ${this.operation.site}`);
    this.toy.kernel.answer(this.operation, this.life, "ok", "", this);
  }

  deliver(): void {
    this.resolve(this.toy.kernel.nowUs);
  }
}
