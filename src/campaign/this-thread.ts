import type { Pulse } from "./pulse.ts";
import type { TaskRunner } from "./task-runner.ts";
import type { Task, TaskEnd, TaskExecutor } from "./task.ts";

/** Tasks in this thread, without a watchdog: for debuggers, and where threads are not to be had. */
export class ThisThread implements TaskExecutor {
  readonly concurrency = 1;
  private readonly runner: TaskRunner;
  private readonly inMacrotask: <Value>(body: () => Value) => Promise<Value>;
  private readonly pulse: Pulse | undefined;

  /** @param pulse for who looks on from another thread */
  constructor(runner: TaskRunner, inMacrotask: <Value>(body: () => Value) => Promise<Value>, pulse?: Pulse) {
    this.runner = runner;
    this.inMacrotask = inMacrotask;
    this.pulse = pulse;
  }

  async run(task: Task): Promise<TaskEnd> {
    const answer = await this.inMacrotask(() => this.runner.run(task, this.pulse));
    this.pulse?.clear();
    return { kind: "answered", answer };
  }

  async close(): Promise<void> {}
}
