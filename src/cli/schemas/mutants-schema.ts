import { z } from "zod";
import { count, head, milliseconds, seed } from "./document-parts.ts";

/** A bound that lies above the cap is null. */
const bound = z.number().nullable();
const medianInterval = z.object({ median: bound, low: bound, high: bound, coverage: z.number() });
const ratioInterval = z.object({ ratio: bound, low: bound, high: bound });

/** Absent where no trial came to an end. */
const summary = {
  trials: count.optional(),
  found: count.optional(),
  runs: medianInterval.optional(),
  cpuSeconds: medianInterval.optional(),
  meanCpuSeconds: z.number().optional(),
};

const size = z.object({ faults: count, preemptions: count, delays: count, actors: count, total: count });

const comparison = z.object({
  mutant: z.string(),
  method: z.string(),
  reference: z.string(),
  ratio: bound,
  cpuP: z.number(),
  runsP: z.number(),
});

const strategySummary = z.object({
  strategy: z.string(),
  mutants: count,
  foundOnce: count.describe("found by at least one trial"),
  foundAlways: count.describe("found by every trial"),
  runs: medianInterval,
  worst: z.object({ mutant: z.string(), runsMedian: bound, runsMost: bound }),
  cpuSecondsOfCatalogue: z.number(),
});

/** `mutants --json`. */
export const mutantsSchema = z.object({
  ...head("mutants"),
  interrupted: z.boolean(),
  trials: count,
  runsMax: count,
  cpuSecondsMax: z.number(),
  cpuTime: z.enum(["thread", "wall"]),
  strategies: z.array(strategySummary),
  mutants: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      scenario: z.string(),
      strategy: z.string(),
      ...summary,
      repro: z.object({ signature: z.string(), size, executions: count, minimal: z.boolean() }).nullable(),
      known: size.nullable().describe("of the case that is kept for this mutant"),
      each: z.array(
        z.object({
          isFound: z.boolean(),
          runs: count,
          cpuMs: milliseconds,
          seed: seed.nullable(),
          foundBy: z.string().nullable(),
          signature: z.string().nullable(),
        }),
      ),
      otherSignatures: z.array(z.string()),
      problems: z.array(z.string()),
    }),
  ),
  comparison: z
    .object({
      comparisons: z.array(comparison),
      means: z.array(z.object({ method: z.string(), mean: ratioInterval })),
    })
    .nullable(),
  peers: z
    .object({
      groups: z.array(
        z.object({
          id: z.string(),
          peer: z.string(),
          ...summary,
          each: z.array(
            z.looseObject({ isFound: z.boolean(), runs: count, cpuMs: milliseconds, wallMs: milliseconds }),
          ),
          problems: z.array(z.string()),
        }),
      ),
      summary: z
        .object({
          reference: z.string(),
          verdicts: z.array(
            z.object({
              mutant: z.string(),
              bestPeer: z.string(),
              ratio: ratioInterval,
              verdict: z.enum(["won", "tie", "lost", "open"]),
              comparison,
            }),
          ),
          mean: ratioInterval,
        })
        .nullable(),
    })
    .nullable(),
});
