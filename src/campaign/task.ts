import type { Attempt } from "../shrink/attempt.ts";
import type { Case } from "../sim/case.ts";
import type { Segment } from "./explore-seeds.ts";
import type { SeedRange } from "./seed-range.ts";

/** What a worker is asked to do. Plain data, as all that crosses threads. */
export type Task = ExploreTask | JudgeTask | LocateTask;

export interface ExploreTask {
  readonly kind: "explore";
  readonly scenario: string;
  readonly range: SeedRange;
  readonly failuresMax: number;
  readonly doubleRunsPpm: number;
}

/** Runs one case: the step of a shrinker. */
export interface JudgeTask {
  readonly kind: "judge";
  readonly scenario: string;
  readonly case: Case;
}

/** Runs a seed that never comes back, and writes each site into shared memory on the way. */
export interface LocateTask {
  readonly kind: "locate";
  readonly scenario: string;
  readonly seed: number;
}

export type TaskAnswer =
  | { readonly kind: "explored"; readonly segments: readonly Segment[]; readonly wallMs: number }
  | { readonly kind: "judged"; readonly attempt: Attempt }
  | { readonly kind: "located" };

/** How a task ended. A failure of the worker is a value: the campaign goes on. */
export type TaskEnd<Answer = TaskAnswer> =
  | { readonly kind: "answered"; readonly answer: Answer }
  /** Its beats stood still: the worker was ended. */
  | { readonly kind: "stalled"; readonly seed: number; readonly site: string }
  /** The worker ended by itself: out of memory, or `process.exit` in the code under test. */
  | { readonly kind: "died"; readonly seed: number; readonly why: string }
  | { readonly kind: "stopped" };

/** Who runs tasks: a pool of threads, or this thread. */
export interface TaskExecutor<Work = Task, Answer = TaskAnswer> {
  /** How many tasks it runs at a time, >= 1. */
  readonly concurrency: number;
  run(task: Work): Promise<TaskEnd<Answer>>;
  /** Ends what still runs. */
  close(): Promise<void>;
}
