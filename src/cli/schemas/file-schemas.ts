import { z } from "zod";
import { budgetsSchema } from "../project/budgets-schema.ts";
import { caseSchema } from "../repro-file.ts";
import { count, failureKind, milliseconds, seed } from "./document-parts.ts";

const tally = z.object({
  runs: count,
  ops: count,
  steps: count,
  events: count,
  virtualUs: count,
  sometimes: z.record(z.string(), count),
  checked: z.record(z.string(), count),
  exercised: z.record(z.string(), count).optional(),
  limits: z.record(z.string(), count),
  runTwice: count,
});

/** What `campaign --blob` writes. */
export const shardSchema = z.object({
  format: z.literal("stormlane shard"),
  version: z.literal(1),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("of the body as JSON with sorted members"),
  body: z.object({
    stormlane: z.string(),
    campaign: z.object({
      code: z.string(),
      strategy: z.string(),
      mutant: z.string().nullable(),
      epic: z.json(),
      budgets: budgetsSchema.optional(),
      seeds: z.record(z.string(), count.nullable()),
      firstSeed: seed,
      doubleRunsPpm: count,
      failuresMax: count,
    }),
    shard: z.object({ index: count, count }),
    scenarios: z.array(
      z.object({
        name: z.string(),
        tally,
        end: z.enum(["seeds", "duration", "failures", "interrupted", "workers"]),
        wallMs: milliseconds,
        timelines: z
          .object({ seeds: z.array(seed), timelines: z.array(z.string()), strategies: z.array(z.string()) })
          .describe("by column"),
        failures: z.array(
          z.object({
            failure: z.object({
              kind: failureKind,
              signature: z.string(),
              seed,
              strategy: z.string(),
              invariant: z.string(),
              message: z.string(),
              case: caseSchema.optional(),
              steps: count,
            }),
            runs: count,
            case: caseSchema.nullable(),
            shrunk: z.object({ executions: count, minimal: z.boolean(), actors: count }).nullable(),
          }),
        ),
      }),
    ),
    wallMs: milliseconds,
    cpuMs: milliseconds,
    interrupted: z.boolean(),
  }),
});

const cell = z.union([z.string(), z.number(), z.boolean()]);

/** What the proofs of this project write below `reports/evidence`. */
export const evidenceSchema = z.object({
  version: z.literal(1),
  name: z.string(),
  title: z.string(),
  ok: z.boolean(),
  command: z.string(),
  commit: z.string(),
  date: z.iso.datetime(),
  node: z.string(),
  host: z.string(),
  wallSeconds: z.number().nonnegative(),
  facts: z.record(z.string(), cell),
  tables: z
    .array(z.object({ title: z.string(), columns: z.array(z.string()), rows: z.array(z.array(cell)) }))
    .optional(),
  problems: z.array(z.string()),
});

/** What `--reporter ctrf` writes, after version 0.0.0 of the format's specification. */
export const ctrfSchema = z.object({
  reportFormat: z.literal("CTRF"),
  specVersion: z.string().regex(/^\d+\.\d+\.\d+$/),
  timestamp: z.iso.datetime(),
  generatedBy: z.string(),
  results: z.object({
    tool: z.object({ name: z.string(), version: z.string() }),
    summary: z.object({
      tests: count,
      passed: count,
      failed: count,
      skipped: count,
      pending: count,
      other: count,
      suites: count,
      start: count,
      stop: count,
    }),
    tests: z.array(
      z.object({
        name: z.string().min(1),
        suite: z.array(z.string()).min(1),
        status: z.enum(["passed", "failed", "skipped", "pending", "other"]),
        duration: count,
        tags: z.array(z.string()),
        message: z.string().optional(),
        trace: z.string().optional(),
        extra: z
          .object({
            failures: z.array(
              z.object({
                signature: z.string(),
                seed,
                replayCommand: z.string(),
                reproFile: z.string().nullable(),
              }),
            ),
          })
          .optional(),
      }),
    ),
  }),
});
