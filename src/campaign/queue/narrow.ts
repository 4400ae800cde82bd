import type { ExploreTask, Task, TaskEnd } from "../task.ts";
import type { Segment } from "../explore-seeds.ts";
import type { QueuedEnd } from "./protocol.ts";

/** Runs a part of the task. @param startsMax after so many starts without a result it ends as abandoned */
export type RunPart = (part: Task, startsMax: number) => Promise<QueuedEnd>;

/**
 * Finds the seed that ends the workers which run it, in a task that did so: the task is cut into parts again and again.
 * A part is given up at its first death, since what it holds is looked at once more; a single seed at its second.
 *
 * @returns how the task ends: the seed, or its answer when no part of it ends a worker
 */
export async function narrow(task: Task, run: RunPart): Promise<TaskEnd> {
  if (task.kind !== "explore") return { kind: "died", seed: seedOf(task), why };
  if (task.seeds.length === 1) return { kind: "died", seed: task.seeds[0]!, why };
  const ends = await Promise.all(partsOf(task).map((part) => endOf(part, run)));
  const segments: Segment[] = [];
  let wallMs = 0;
  for (const end of ends) {
    if (end.kind !== "answered" || end.answer.kind !== "explored") return end;
    segments.push(...end.answer.segments);
    wallMs += end.answer.wallMs;
  }
  return { kind: "answered", answer: { kind: "explored", segments, wallMs } };
}

async function endOf(part: ExploreTask, run: RunPart): Promise<TaskEnd> {
  const end = await run(part, part.seeds.length === 1 ? 2 : 1);
  return end.kind === "abandoned" ? narrow(part, run) : end;
}

function seedOf(task: Exclude<Task, ExploreTask>): number {
  return task.kind === "locate" ? task.seed : task.case.drawSeed;
}

function partsOf(task: ExploreTask): ExploreTask[] {
  const { seeds } = task;
  const size = Math.ceil(seeds.length / Math.min(partsMax, seeds.length));
  const parts: ExploreTask[] = [];
  for (let from = 0; from < seeds.length; from += size) parts.push({ ...task, seeds: seeds.slice(from, from + size) });
  return parts;
}

const partsMax = 16;
const why = "the whole process of the worker ended, as by the system when memory runs out";
