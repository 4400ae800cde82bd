import type { TaskRunner } from "./task-runner.ts";
import type { Task, TaskEnd, TaskExecutor } from "./task.ts";

/** Tasks in this thread, without a watchdog: for debuggers, and where threads are not to be had. */
export class ThisThread implements TaskExecutor {
  readonly concurrency = 1;
  private readonly runner: TaskRunner;
  private readonly inMacrotask: <Value>(body: () => Value) => Promise<Value>;

  constructor(runner: TaskRunner, inMacrotask: <Value>(body: () => Value) => Promise<Value>) {
    this.runner = runner;
    this.inMacrotask = inMacrotask;
  }

  async run(task: Task): Promise<TaskEnd> {
    return { kind: "answered", answer: await this.inMacrotask(() => this.runner.run(task)) };
  }

  async close(): Promise<void> {}
}
