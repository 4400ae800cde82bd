import { z } from "zod";
import { caseSchema } from "../repro-file.ts";
import { count, exitCode, head, runStats, seed, share } from "./document-parts.ts";

const moment = z.object({ event: count, atUs: count, actor: z.string(), text: z.string() });

const explanation = z.object({
  executions: count,
  elements: z.array(
    z.object({
      kind: z.enum(["fault", "preemption", "delay"]),
      text: z.string(),
      role: z.enum(["necessary", "replaceable", "redundant", "shielding", "unknown"]),
      without: z.string().describe("signature of the run without it"),
    }),
  ),
  neighbour: z
    .object({
      without: z.string(),
      sameEvents: count,
      failing: moment.optional(),
      holding: moment.optional(),
      onlyFailing: z.array(moment),
      onlyHolding: z.array(moment),
    })
    .optional()
    .describe("a run that holds and differs in one thing alone"),
  noReturn: z
    .object({
      step: count,
      stepBefore: z.int().min(-1),
      steps: count,
      isMonotone: z.boolean(),
      site: z.string(),
      moment: moment.optional(),
      shares: z.array(z.object({ step: count, failing: count, holding: count, other: count })),
      shareMin: share,
    })
    .optional()
    .describe("the first step after which every continuation fails"),
});

/** `replay --json`. */
export const replaySchema = z.object({
  ...head("replay"),
  target: z.string(),
  scenario: z.string(),
  ok: z.boolean(),
  exitCode,
  result: z.enum(["held", "same-failure", "another-failure", "no-longer-reachable", "no-longer-fails"]),
  text: z.string(),
  expected: z.object({ signature: z.string(), invariant: z.string(), message: z.string() }),
  actual: z.object({
    signature: z.string(),
    invariant: z.string().optional(),
    rule: z.string().optional(),
    place: z.string().optional(),
    message: z.string().optional(),
    atUs: count.optional(),
    event: count.optional().describe("number of the event at which it showed; the length of the history for its end"),
  }),
  foundBy: z.object({ seed, strategy: z.string() }),
  mutant: z.string().nullable(),
  case: caseSchema,
  unused: z.array(z.string()).describe("faults and preemptions that the run never came to"),
  stats: runStats,
  historyHash: z.string().regex(/^[0-9a-f]{64}$/),
  untilEvent: count.nullable(),
  explanation: explanation.nullable(),
  story: z.array(z.string()),
  views: z.record(z.string(), z.array(z.string())),
});

/** `shrink --json`. */
export const shrinkSchema = z.object({
  ...head("shrink"),
  scenario: z.string(),
  signature: z.string(),
  file: z.string(),
  executions: count,
  minimal: z.boolean(),
  actors: count,
  faults: count,
  preemptions: count,
  delays: count,
  workload: z.json(),
  steps: count,
});
