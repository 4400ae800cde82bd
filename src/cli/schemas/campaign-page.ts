import { z } from "zod";
import type { CampaignDocument } from "../../report/campaign-page/campaign-document.ts";

const count = z.number().int().nonnegative();
const code = z.string().describe("hash of all that a run depends on");
const share = z
  .object({ estimate: z.number(), low: z.number(), high: z.number() })
  .describe("a share of runs, 0 to 1, with its 95 % interval");

const saturation = {
  state: z.enum(["growing", "open", "saturated"]),
  text: z.string().describe("whether more seeds help, in words"),
  runs: count,
  distinctTimelines: count,
  isExact: z.boolean(),
  unseenMass: share,
  latest: z.object({ of: count, distinct: count }),
  nextNewRuns: z.object({ estimate: z.number().nullable(), low: z.number(), high: z.number().nullable() }),
  curve: z.array(z.object({ runs: count, distinct: count })),
};

const target = z.object({
  scenario: z.string(),
  variant: z.string().describe("the mutant, the epic and the budgets it ran with; empty for none"),
  code,
  isLatest: z.boolean(),
  strategy: z.string(),
  runs: count,
  seeds: z.object({ first: count, last: count, gaps: count }).nullable(),
  ops: count,
  events: count,
  virtualMs: z.number(),
  wallMs: z.number(),
  runTwice: count,
  mismatches: z.array(count).describe("seeds with two results"),
  failedRuns: count,
  limits: z.array(z.object({ limit: z.string(), runs: count })),
  sometimes: z.array(z.object({ name: z.string(), hits: count, rate: share })),
  invariants: z.array(z.object({ id: z.string(), rule: z.string().nullable(), checked: count, violations: count })),
  saturation: z
    .object({ ...saturation, strategies: z.array(z.object({ strategy: z.string(), ...saturation })) })
    .nullable(),
});

const failure = z.object({
  id: z.string().regex(/^[a-z0-9-]+$/),
  scenario: z.string(),
  variant: z.string(),
  signature: z.string(),
  state: z.enum(["new", "ongoing", "rare", "resolved"]),
  runs: count.describe("of the latest code"),
  hits: count,
  odds: z.string(),
  cleared: z
    .object({
      cleanRuns: count,
      cleanRunsNeeded: count,
      cleanByChance: z.number(),
      rateMax: z.number(),
    })
    .nullable(),
  byCode: z.array(z.object({ code, runs: count, hits: count })),
  shown: z.object({
    code,
    kind: z.string(),
    invariant: z.string(),
    message: z.string(),
    seed: count,
    strategy: z.string(),
    steps: count,
    case: z.object({ faults: count, preemptions: count, delays: count, isMinimal: z.boolean().nullable() }).nullable(),
    replayCommand: z.string(),
    needsRepro: z.boolean().describe("the command names the repro file, which is to be saved first"),
  }),
  viewer: z.string().nullable().describe("an address, relative to the page"),
  repro: z.string().nullable().describe("an address, relative to the page"),
});

const mutants = z.object({
  source: z.string(),
  strategies: z.array(z.string()),
  rows: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      scenario: z.string(),
      cells: z.array(z.object({ found: count, trials: count, runsMedian: z.number().nullable() }).nullable()),
    }),
  ),
});

const profile = z.object({
  source: z.string(),
  sections: z.array(
    z.object({
      title: z.string(),
      columns: z.array(z.object({ title: z.string(), isNumber: z.boolean() })),
      rows: z.array(z.array(z.string())),
    }),
  ),
});

/** The document of the campaign page, as `ui --json` prints it and `/api/campaign` answers it. */
export const campaignDocumentSchema = z.object({
  version: z.literal(1),
  command: z.literal("ui"),
  stormlane: z.string(),
  readAt: z.iso.datetime(),
  ledger: z.object({
    file: z.string(),
    sessions: z.array(z.object({ id: count, code })),
    latestCode: code.nullable(),
    presentCode: code,
  }),
  totals: z
    .object({
      runs: count,
      ops: count,
      events: count,
      virtualMs: z.number(),
      wallMs: z.number(),
      runTwice: count,
      mismatches: count,
      failedRuns: count,
      limitRuns: count,
    })
    .describe("of the latest code alone"),
  targets: z.array(target),
  failures: z.array(failure),
  mutants: mutants.nullable(),
  profile: profile.nullable(),
}) satisfies z.ZodType<CampaignDocument>;
