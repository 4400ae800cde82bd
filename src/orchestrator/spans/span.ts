/** What a process waited for. `wait` is its own pause between repetitions. */
export type SpanKind = "model" | "board" | "git" | "files" | "process" | "wait";

export const spanKinds: readonly SpanKind[] = ["model", "board", "git", "files", "process", "wait"];

/** One operation of a process, from the call of the port to its answer; of a program, to its end. */
export interface Span {
  /** Unique within the process, in order of their beginning, from 1. */
  readonly requestId: number;
  /** Of the handle that asked: two tasks may bear one name, one after the other. From 1 in each process. */
  readonly taskId: number;
  /** The causal chain, as `card E1 lane 2 attempt 1`. */
  readonly task: string;
  /** Of a run, as `architect`; empty before the first and outside of runs. */
  readonly agent: string;
  readonly kind: SpanKind;
  /** As `board.getTask`. */
  readonly name: string;
  /** The resource in the words of the workload. */
  readonly key: string;
  /** On the process's monotonic clock. */
  readonly startMs: number;
  readonly endMs: number;
  readonly outcome: "ok" | "fail" | "unknown";
}

/** What the core said at a moment of a task, where a profile counts it. */
export interface Mark extends Pick<Span, "taskId" | "task" | "agent"> {
  readonly kind: "mark";
  readonly name: MarkName;
  /** Of a run's end its outcome, of an answer its purpose; else empty. */
  readonly detail: string;
  readonly atMs: number;
}

export const markNames = ["run.finished", "answer.refused", "answer.repaired", "prompt.compressed"] as const;
export type MarkName = (typeof markNames)[number];

/** Takes a span when it ends, and marks. It must not throw. */
export type SpanSink = (entry: Span | Mark) => void;
