import type { Segment } from "../campaign/explore-seeds.ts";
import type { ExploreTask, Task, TaskEnd, TaskExecutor } from "../campaign/task.ts";
import { realMs } from "./real-time.ts";

/**
 * Runs each seed in a macrotask of its own, so that vitest's timeout and its messages to the main process have their
 * turn in between, and asks before each of them, and before any other task, whether to go on.
 */
export class SeedBySeed implements TaskExecutor {
  readonly concurrency = 1;
  private readonly inner: TaskExecutor;
  private readonly isOver: () => boolean;

  constructor(inner: TaskExecutor, isOver: () => boolean) {
    this.inner = inner;
    this.isOver = isOver;
  }

  async run(task: Task): Promise<TaskEnd> {
    if (task.kind === "explore") return this.explore(task);
    return this.isOver() ? { kind: "stopped" } : this.inner.run(task);
  }

  async close(): Promise<void> {
    await this.inner.close();
  }

  private async explore(task: ExploreTask): Promise<TaskEnd> {
    const startMs = realMs();
    const segments: Segment[] = [];
    for (const seed of task.seeds) {
      if (this.isOver()) break;
      const end = await this.inner.run({ ...task, seeds: [seed] });
      if (end.kind !== "answered" || end.answer.kind !== "explored") return end;
      segments.push(...end.answer.segments);
      if (segments.filter(({ failure }) => failure !== undefined).length >= task.failuresMax) break;
    }
    // The time that the runner measures stands still under fake timers, and says how many runs the next chunk has.
    return { kind: "answered", answer: { kind: "explored", segments, wallMs: realMs() - startMs } };
  }
}
