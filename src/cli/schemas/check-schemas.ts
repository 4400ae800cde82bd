import { z } from "zod";
import { spanKinds } from "../../orchestrator/spans/span.ts";
import { count, exitCode, head, milliseconds, seed, share } from "./document-parts.ts";

/** `doctor --json`. */
export const doctorSchema = z.object({
  ...head("doctor"),
  ok: z.boolean(),
  exitCode,
  environment: z.array(
    z.object({
      what: z.string(),
      status: z.enum(["ok", "warning", "failed"]),
      found: z.string(),
      fix: z.string().optional(),
    }),
  ),
  cases: count,
  lanes: z.array(
    z.object({
      name: z.string(),
      status: z.enum(["same", "differs", "failed"]),
      difference: z.object({ scenario: z.string().optional(), seed: seed.optional(), text: z.string() }).optional(),
    }),
  ),
});

const percentiles = z.object({ p50: milliseconds, p95: milliseconds, p99: milliseconds });
const byKind = z.object(Object.fromEntries(spanKinds.map((kind) => [kind, z.number().nonnegative()])));
const part = {
  lane: count,
  runs: count,
  boardCallsPerRun: z.number().nonnegative(),
  modelCallsPerRun: z.number().nonnegative(),
  totalMs: percentiles,
  msByKind: byKind.extend({ own: z.number() }).describe("of all runs together; `own` is the core's own work"),
};

/** `profile --json`. What only a simulation knows is absent for spans of real runs. */
export const profileSchema = z.object({
  version: z.literal(2),
  lanes: z.array(z.object(part)),
  agents: z.array(z.object({ agent: z.string(), ...part })),
  operations: z.array(z.object({ kind: z.enum(spanKinds), name: z.string(), count, errors: count, ms: percentiles })),
  rates: z.object({
    runs: count,
    runsRetried: share,
    questions: count,
    modelRetries: z.number().nonnegative(),
    answersRefused: z.number().nonnegative(),
    answersRepaired: z.number().nonnegative(),
    promptsCompressed: z.number().nonnegative(),
    errors: byKind,
  }),
  scenario: z.string().optional(),
  strategy: z.string().optional(),
  runs: count.optional(),
  failed: count.optional(),
  ops: count.optional(),
  virtualMs: milliseconds.optional(),
  wallMs: milliseconds.optional(),
  real: z.object({ usPerOp: z.number().nonnegative(), shares: z.array(z.tuple([z.string(), z.number()])) }).optional(),
});

const counts = { calls: count, agree: count, differ: count, skipped: count };
const report = {
  total: z.object(counts),
  methods: z.array(z.object({ method: z.string(), ...counts })),
  recordings: z.array(z.object({ recording: z.string(), ...counts })),
  differences: z.array(
    z.object({
      recording: z.string(),
      n: count,
      method: z.string(),
      where: z.string(),
      expected: z.string(),
      actual: z.string(),
      request: z.object({ user: z.string().nullable(), body: z.string() }),
    }),
  ),
  skips: z.array(z.object({ why: z.string(), recording: z.string(), calls: count })),
};

/** `conformance kanboard --json`. */
export const conformanceSchema = z.object({
  ...head("conformance kanboard"),
  url: z.string(),
  kanboard: z.string(),
  ...report,
});

/** `conformance diff --json`. */
export const conformanceDiffSchema = z.object({ ...head("conformance diff"), ...report });
