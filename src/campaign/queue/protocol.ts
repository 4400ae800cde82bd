import { z } from "zod";
import type { JsonObject, JsonValue } from "../../base/json.ts";
import type { Task, TaskEnd } from "../task.ts";

/** Of all that stands in Redis. Coordinators and workers of another version do not see each other's chunks. */
export const protocolVersion = 1;

/** A chunk as it waits in the queue. */
export interface QueuedTask {
  readonly protocol: number;
  readonly campaign: string;
  readonly task: Task;
  /** What the threads are told, but for where scenarios come from: each machine has its own copy. */
  readonly settings: JsonObject;
  /** Starts, the present one included, after which a worker that died on it is put down to the task itself. */
  readonly startsMax: number;
}

/** `abandoned`: it was started too often, each time by a worker that ended without a result. */
export type QueuedEnd = TaskEnd | { readonly kind: "abandoned" };

/** What a worker says of a chunk. It may be said twice. */
export interface QueuedResult {
  readonly protocol: number;
  readonly jobId: string;
  readonly worker: string;
  readonly end: QueuedEnd;
}

/** A queue for each version of the code: no worker is ever handed a chunk of another one. */
export function queueName(codeHash: string): string {
  return `chunks-v${protocolVersion}-${codeHash.slice(0, 16)}`;
}

export function resultsKey(prefix: string, campaign: string): string {
  return `${prefix}:results-v${protocolVersion}:${campaign}`;
}

const queuedTask = z.object({
  protocol: z.literal(protocolVersion),
  campaign: z.string(),
  task: z.looseObject({ kind: z.string(), scenario: z.string() }),
  settings: z.looseObject({}),
  startsMax: z.int().min(1),
});

const queuedResult = z.object({
  protocol: z.literal(protocolVersion),
  jobId: z.string(),
  worker: z.string(),
  end: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("answered"), answer: z.looseObject({ kind: z.string() }) }),
    z.object({ kind: z.literal("stalled"), seed: z.number().nullable(), site: z.string() }),
    z.object({ kind: z.literal("died"), seed: z.number().nullable(), why: z.string() }),
    z.object({ kind: z.literal("abandoned") }),
  ]),
});

/** @returns undefined for what no coordinator of this version wrote */
export function readQueuedTask(data: unknown): QueuedTask | undefined {
  const read = queuedTask.safeParse(data);
  return read.success ? (data as QueuedTask) : undefined;
}

/** @returns undefined for what no worker of this version wrote */
export function readQueuedResult(text: string): QueuedResult | undefined {
  let data: JsonValue;
  try {
    data = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  const read = queuedResult.safeParse(data);
  if (!read.success) return undefined;
  const { end } = read.data;
  // JSON has no NaN, which stands for a seed that is not known.
  if (end.kind === "stalled" || end.kind === "died") end.seed ??= Number.NaN;
  return read.data as QueuedResult;
}
