import { z } from "zod";
import { budgetsSchema } from "../project/budgets-schema.ts";
import { count, exitCode, failureKind, head, milliseconds, seed, share, shareInterval } from "./document-parts.ts";

const progress = {
  runs: count,
  distinctTimelines: count.describe("orders in which runs met that differ"),
  isExact: z.boolean().describe("false where distinct timelines are estimated"),
  unseenMass: shareInterval.describe("chance that the next run shows what none has shown"),
  latest: z.object({ of: count, distinct: count }),
  nextNewRuns: z.object({ estimate: z.number().nullable(), low: z.number(), high: z.number().nullable() }),
  state: z.enum(["growing", "open", "saturated"]),
  curve: z.array(z.object({ runs: count, distinct: count })),
};

const failure = z.object({
  kind: failureKind,
  category: z
    .enum(["invariant", "budget", "nondeterminism", "broken", "livelock", "died"])
    .describe("budget: a run took more than it may"),
  signature: z.string().describe("names the failure so that the same one is known again: invariant and place"),
  invariant: z.string(),
  message: z.string(),
  seed,
  strategy: z.string(),
  runs: count.describe("that failed so"),
  reproFile: z.string().nullable(),
  faults: count.nullable(),
  preemptions: count.nullable(),
  delays: count.nullable(),
  steps: count,
  minimal: z.boolean().describe("nothing more can be taken away"),
  replayCommand: z.string(),
});

const scenario = z.object({
  name: z.string(),
  runs: count,
  ops: count,
  steps: count,
  events: count,
  virtualMs: milliseconds,
  wallMs: milliseconds,
  strategy: z.string(),
  end: z.enum(["seeds", "duration", "failures", "interrupted", "workers"]).describe("why it was run no more"),
  limits: z.record(z.string(), count).describe("by limit: runs that came to it before their end"),
  failures: z.array(failure),
  progress: z
    .object({
      ...progress,
      distinctPerSecond: z.number().nonnegative(),
      strategies: z.array(z.object({ strategy: z.string(), ...progress })),
    })
    .nullable(),
  sometimes: z.array(z.object({ name: z.string(), hits: count, rate: shareInterval })),
  invariants: z.array(z.object({ id: z.string(), checked: count, violations: count })),
});

const campaign = {
  ok: z.boolean(),
  exitCode,
  interrupted: z.boolean(),
  problems: z.array(
    z.object({
      kind: z.enum(["failure", "infrastructure", "vacuous", "limit", "nothing-run"]),
      scenario: z.string(),
      text: z.string(),
    }),
  ),
  seeds: z.object({ requested: count.nullable().describe("null where time decides"), run: count }),
  shard: z.object({ index: count, count }),
  mutant: z.string().nullable(),
  budgets: budgetsSchema.nullable().describe("what every run had to stay within; null for nothing"),
  workers: count,
  wallMs: milliseconds,
  cpuMs: milliseconds,
  seedsPerSecond: z.number().nonnegative(),
  opsPerSecond: z.number().nonnegative(),
  scenarios: z.array(scenario),
  determinism: z.object({ checked: count.describe("runs that were run twice"), mismatches: count }),
};

/** `run --json`. */
export const runSchema = z.object({ ...head("run"), ...campaign });

/** `campaign --json`. */
export const campaignSchema = z.object({
  ...head("campaign"),
  ...campaign,
  ledger: z.object({
    file: z.string(),
    code: z.string().describe("hash of the code that ran"),
    session: count,
    ran: count.describe("runs of this sitting"),
  }),
  standing: z.array(
    z.object({
      scenario: z.string(),
      failures: z.array(
        z.object({
          signature: z.string(),
          state: z.enum(["new", "rare", "ongoing", "resolved"]),
          runs: count.describe("of the present code"),
          hits: count,
          cleared: z
            .object({
              cleanRuns: count,
              cleanRunsNeeded: count,
              cleanByChance: share.describe(
                "chance that all of these runs are clean although the failure is as likely",
              ),
              rateMax: share.describe("the rate of the failure is at most this, with 95 % confidence"),
            })
            .nullable(),
        }),
      ),
    }),
  ),
});

/** `merge --json`. */
export const mergeSchema = z.object({
  ...head("merge"),
  ...campaign,
  shards: z.object({ count, missing: z.array(count) }),
});

/** `run --strategy exhaustive --json`. */
export const exhaustiveSchema = z.object({
  ...head("run"),
  strategy: z.literal("exhaustive"),
  ok: z.boolean(),
  exitCode,
  mutant: z.string().nullable(),
  bounds: z.object({
    reduction: z.enum(["none", "partial-order"]),
    reversalsMax: count.nullable(),
    runsMax: count,
  }),
  scenarios: z.array(
    z.object({
      name: z.string(),
      verdict: z.enum(["proven", "violated", "unfinished"]),
      reason: z.enum(["budget", "interrupted", "limit"]).nullable(),
      killsMax: count,
      virtualMsMax: milliseconds,
      stepsMax: count,
      cases: count.nullable(),
      casesDone: count,
      schedules: count,
      redundant: count,
      partialOrders: count,
      states: count,
      outcomes: count,
      verified: count,
      steps: count,
      longestSchedule: count,
      wallMs: milliseconds,
      cpuMs: milliseconds,
      counterexample: z
        .object({
          signature: z.string(),
          message: z.string(),
          faults: count,
          preemptions: count,
          reproFile: z.string(),
          replays: z.boolean(),
          replayCommand: z.string(),
        })
        .nullable(),
    }),
  ),
});
