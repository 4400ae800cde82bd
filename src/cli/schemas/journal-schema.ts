import { z } from "zod";
import { count } from "./document-parts.ts";

const op = z
  .object({
    id: count,
    site: z.string().describe("process@life/task/name(key)#occurrence"),
    process: z.string(),
    incarnation: count,
    taskName: z.string(),
    name: z.string(),
    key: z.string(),
    occurrence: count,
  })
  .describe("who did what");
const atUs = z.int().nonnegative().describe("virtual microseconds since the start of the run");
const jsonObject = z.record(z.string(), z.json());
const processMembers = { atUs, process: z.string(), incarnation: count };

/** A line of a journal: the header first, then the events in order. */
export const journalLineSchema = z.union([
  z.object({
    kind: z.literal("journal"),
    format: z.literal(1),
    version: z.string().describe("of the package that wrote it"),
    seed: z.number(),
    scenario: z.string(),
    startMs: z.number().describe("what the clock showed at the start, milliseconds since the Unix epoch"),
  }),
  z.object({
    kind: z.literal("process"),
    ...processMembers,
    what: z.enum(["start", "finish", "crash", "kill", "host-crash", "pause", "resume", "clock-jump"]),
    reason: z.string(),
  }),
  z.object({ kind: z.literal("sent"), atUs, op }),
  z.object({ kind: z.literal("effect"), atUs, op, step: count }),
  z.object({
    kind: z.literal("answered"),
    atUs,
    op,
    outcome: z.enum(["ok", "fail", "unknown"]),
    detail: z.string(),
  }),
  z.object({
    kind: z.literal("fault"),
    atUs,
    site: z.string(),
    fault: z.string(),
    params: jsonObject,
    effect: z.enum(["none", "done", "later"]),
  }),
  z.object({
    kind: z.literal("change"),
    atUs,
    op: op.nullable(),
    change: z.looseObject({ store: z.string(), type: z.string() }),
  }),
  z.object({ kind: z.literal("note"), ...processMembers, task: z.string(), name: z.string(), fields: jsonObject }),
]);
