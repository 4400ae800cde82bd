import { emptyTimelines } from "../../src/campaign/timeline-column.ts";
import { emptyTally } from "../../src/campaign/tally.ts";
import { addRow, emptyRows } from "../../src/campaign/seed-rows.ts";
import type { ExploreTask, Task, TaskEnd, TaskExecutor } from "../../src/campaign/task.ts";

/** Seeds of a scenario that does not matter. */
export function chunk(...seeds: number[]): ExploreTask {
  return { kind: "explore", scenario: "toy", seeds, failuresMax: 1, doubleRunsPpm: 0, withRows: true };
}

/** Computes nothing: each run has a history that its seed alone decides. */
export class ToyExecutor implements TaskExecutor {
  readonly concurrency = 8;
  readonly ran: number[] = [];
  private readonly before: (seed: number) => void | Promise<void>;

  /** @param before is called, and waited for, before each run */
  constructor(before: (seed: number) => void | Promise<void> = () => {}) {
    this.before = before;
  }

  async run(task: Task): Promise<TaskEnd> {
    if (task.kind !== "explore") return { kind: "died", seed: 0, why: "a toy explores" };
    for (const seed of task.seeds) {
      await this.before(seed);
      this.ran.push(seed);
    }
    return answerOf(task.seeds);
  }

  async close(): Promise<void> {}
}

export function answerOf(seeds: readonly number[]): TaskEnd {
  const rows = emptyRows();
  for (const seed of seeds) {
    addRow(rows, {
      seed,
      strategy: "toy",
      end: "held",
      signature: "",
      historyHash: `${seed}`,
      timeline: null,
      steps: 1,
    });
  }
  const tally = { ...emptyTally(), runs: seeds.length };
  const timelines = emptyTimelines();
  return { kind: "answered", answer: { kind: "explored", segments: [{ tally, timelines, rows }], wallMs: 1 } };
}

/** The seeds that an end has rows for. */
export function seedsOf(end: TaskEnd): number[] {
  if (end.kind !== "answered" || end.answer.kind !== "explored") return [];
  return end.answer.segments.flatMap(({ rows }) => rows?.seeds ?? []);
}
