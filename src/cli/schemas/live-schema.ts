import { z } from "zod";
import { count, head, milliseconds, seed } from "./document-parts.ts";

const repeated = {
  tries: count.describe("runs of the case"),
  failed: count.describe("of them failed in the same way"),
};

/** `live --json`. */
export const liveSchema = z.object({
  ...head("live"),
  version: z.literal(2),
  ok: z.boolean(),
  config: z.string(),
  processes: z.array(z.string()),
  plain: z.boolean().describe("nothing was held: what repetition alone finds"),
  runs: count,
  failingRuns: count,
  effects: count.describe("arrivals that were let go, over all runs"),
  choices: count.describe("of these, with more than one process waiting"),
  hurried: count.describe("let go because they had been held too long"),
  limits: count.describe("runs that were broken off before they were over"),
  orders: count.describe("distinct orders"),
  wallMs: milliseconds,
  interrupted: z.boolean(),
  shortcomings: z.array(z.string()).describe("what is known to go wrong with the means that the config asks for"),
  invariants: z.array(z.object({ id: z.string(), rule: z.string(), checked: count })),
  unfit: z.string().nullable().describe("why a run could say nothing"),
  failure: z
    .object({
      signature: z.string(),
      invariant: z.string(),
      message: z.string(),
      seed,
      strategy: z.string(),
      order: z.array(z.string()),
      faults: z.array(z.object({ site: z.string(), fault: z.looseObject({ kind: z.string() }) })),
      reproduced: z.object(repeated),
      reproFile: z.string().nullable(),
      replayCommand: z.string(),
    })
    .nullable(),
});

/** `live --replay --json`. */
export const liveReplaySchema = z.object({
  ...head("live replay"),
  config: z.string(),
  file: z.string(),
  signature: z.string(),
  ...repeated,
});
