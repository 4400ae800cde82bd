import type { ExplainEffort } from "../explain/explain-failure.ts";
import type { Explanation } from "../explain/explanation.ts";
import type { Attempt } from "../shrink/attempt.ts";
import type { JsonObject } from "../base/json.ts";
import type { Case } from "../sim/case.ts";
import type { Segment } from "./explore-seeds.ts";
import type { SeedRows } from "./seed-rows.ts";

/** What a worker is asked to do. Plain data, as all that crosses threads. */
export type Task = ExploreTask | JudgeTask | UndelayTask | ExplainTask | LocateTask;

export interface ExploreTask {
  readonly kind: "explore";
  readonly scenario: string;
  /** Ascending. */
  readonly seeds: readonly number[];
  /** Stops after so many distinct failures. */
  readonly failuresMax: number;
  readonly doubleRunsPpm: number;
  /** The segments are to say what each run came to. */
  readonly withRows: boolean;
}

/** Runs one case: the step of a shrinker. */
export interface JudgeTask {
  readonly kind: "judge";
  readonly scenario: string;
  readonly case: Case;
}

/** Says by preemptions what the delays of a case bring about. */
export interface UndelayTask {
  readonly kind: "undelay";
  readonly scenario: string;
  readonly case: Case;
}

/** Says why a case fails. */
export interface ExplainTask {
  readonly kind: "explain";
  readonly scenario: string;
  readonly case: Case;
  readonly effort: ExplainEffort;
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
  | { readonly kind: "undelayed"; readonly case: Case }
  /** Undefined when the case holds. */
  | { readonly kind: "explained"; readonly explanation: Explanation | undefined }
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

/** What the computing ones of a campaign have to be told, wherever they are. */
export interface ExecutorRequest {
  /** Threads on this machine, >= 1; where others compute, how many chunks are handed out ahead. */
  readonly workers: number;
  /** What every worker is told when it starts: plain data. */
  readonly settings: JsonObject;
  /** Of the code that the campaign is about: a worker with other code must not take part. */
  readonly codeHash: string;
  /** A chunk was computed twice, as happens when others compute: what its runs came to the second time. */
  readonly onSecondResult?: (scenario: string, rows: SeedRows) => void;
}

/** Starts an executor. It rejects when there is none to be had; what goes wrong later are ends of tasks. */
export type ExecutorFactory = (request: ExecutorRequest) => Promise<TaskExecutor>;
