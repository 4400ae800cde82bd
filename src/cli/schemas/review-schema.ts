import { z } from "zod";
import { budgetNames } from "../../limits/budgets/budgets.ts";
import { count, exitCode, failureKind, head, seed, share } from "./document-parts.ts";

const ids = z.array(z.string());
const sweep = z
  .object({ pairs: count, tried: count })
  .describe("pairs of a step and a fault in the runs in which nothing goes wrong; each was tried in a run of its own");
const severity = z.enum(["P0", "P1", "P2", "P3"]);
const figure = z.number().nonnegative();

const counterexample = z.object({
  scenario: z.string(),
  kind: failureKind,
  invariant: z.string().describe("or the kind, where none is involved"),
  signature: z.string(),
  message: z.string(),
  foundBy: z.string(),
  runs: count.describe("that failed so"),
  atEnd: z.boolean().describe("it showed only when the run was over"),
  faults: z.array(z.string()).describe("what must go wrong for it, in words"),
  preemptions: count,
  delays: count,
  reproFile: z.string().optional(),
  replayCommand: z.string(),
});

const judged = z.object({
  id: z.string(),
  rule: z.string(),
  isBuiltIn: z.boolean(),
  runs: count.describe("in which it had something to judge"),
  checks: count,
});

const finding = z.object({
  title: z.string(),
  severity,
  category: z.string(),
  component: z.string(),
  failureMode: z.string(),
  evidence: z.string(),
  replayCommand: z.string().optional(),
  leastFix: z.string(),
  test: z.string(),
  invariants: ids,
  hinders: z.enum(["release", "conditions", "nothing"]),
});

const standing = z.object({
  invariant: z.string(),
  rule: z.string(),
  isBuiltIn: z.boolean(),
  kind: z.enum(["proven", "likely", "not guaranteed"]),
  reason: z.enum(["counterexample", "not exercised"]).optional(),
  runs: count.describe("in which it had something to judge"),
  failures: count,
  failureRateMax: share.describe("upper 95 % bound, Clopper and Pearson"),
  scenarios: ids,
  silentIn: ids,
  sweep,
  proofs: z.array(z.object({ scenario: z.string(), bounds: z.string() })),
  mutants: ids.describe("known bugs that it has caught"),
});

const passBarRule = z.object({
  rule: z.enum(["bounded-retries", "nothing-real", "honest-reports", "bounded-spawning"]),
  title: z.string(),
  state: z.enum(["holds", "broken", "not checked"]),
  lookedAt: z.array(z.string()),
  brokenBy: z.array(z.string()),
});

const scenario = z.object({
  name: z.string(),
  about: z.string(),
  families: z.array(z.string()).describe("of faults: what its system is said to bear"),
  runs: count,
  firstSeed: seed,
  runsTwice: count,
  runsCutOff: count,
  invariants: z.array(judged),
  budgets: z.array(judged),
  counterexamples: z.array(counterexample),
  goalsMissed: z.array(z.string()),
  goals: count,
  sweep,
});

const proof = z.object({
  scenario: z.string(),
  verdict: z.enum(["proven", "violated", "unfinished", "unfit"]),
  reason: z.string().optional(),
  bounds: z.string(),
  schedules: count,
  states: count,
  exercised: ids,
  counterexample: counterexample.optional(),
});

const kept = z.object({
  folder: z.string().optional(),
  mended: count,
  counterexamples: z.array(counterexample),
  mutants: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      scenario: z.string(),
      caughtBy: z.string().optional(),
      signature: z.string(),
    }),
  ),
  unusable: z.array(z.string()),
});

const moduleOfMap = z.object({
  module: z.string(),
  writes: z.array(z.string()),
  lines: count,
  share,
  scenarios: z.array(z.object({ scenario: z.string(), share })),
  invariants: ids,
  mutants: ids,
  gaps: z.array(z.enum(["never-run", "no-invariant", "no-mutant"])),
});

const budgets = z.object({
  runs: count,
  suggested: z.array(
    z.object({
      budget: z.enum(budgetNames as [string, ...string[]]),
      value: figure,
      p99: figure,
      runs: count,
      largest: z.object({ value: figure, of: z.string(), scenario: z.string(), seed }),
      raised: z.boolean(),
    }),
  ),
});

const degraded = z.object({
  condition: z.string(),
  title: z.string(),
  runs: count,
  lastedMs: figure,
  callsPerVirtualHour: z.object({ failing: figure, healthy: figure }),
  recoveredAfterMs: z.object({ median: figure, max: figure }).optional(),
  neverRecovered: count,
  shown: z.object({ alarms: count, comments: count, failedCards: count }),
  lost: z.array(z.object({ scenario: z.string(), seed, invariant: z.string(), message: z.string() })),
  words: z.string(),
});

const footGuns = z.object({
  runs: count,
  found: z.array(
    z.object({
      kind: z.string(),
      title: z.string(),
      place: z.string(),
      runs: count,
      evidence: z.array(z.object({ scenario: z.string(), seed, events: z.array(count), count })),
      worst: z.string(),
      leastFix: z.string(),
    }),
  ),
});

const slowTest = z.object({ title: z.string(), file: z.string(), durationMs: figure });

/** `review --json`, and what it writes beside the brief. A part that was not asked for is null. */
export const reviewSchema = z.object({
  ...head("review"),
  ok: z.boolean(),
  exitCode,
  verdict: z.enum(["ready", "ready with conditions", "not ready"]),
  reasons: z.array(z.string()).min(2).max(4),
  system: z.object({
    name: z.string(),
    mutant: z.string().optional(),
    code: z.string().regex(/^[0-9a-f]{32}$/),
    program: z.string(),
    strategy: z.string(),
    command: z.string(),
    generalRules: ids.optional().describe("of a system that runs unmodified: rules of what it may never do at all"),
  }),
  findings: z.array(finding),
  passBar: z.array(passBarRule),
  invariants: z.array(standing),
  proofs: z.array(proof),
  scenarios: z.array(scenario),
  kept,
  modules: z.array(moduleOfMap).nullable(),
  budgets: budgets.nullable(),
  degraded: z.array(degraded).nullable(),
  footGuns: footGuns.nullable(),
  limits: z
    .record(z.string(), z.json())
    .nullable()
    .describe("as stormlane limits --json has it, without what the machine measured"),
  tests: z
    .object({ tests: count, slowest: z.array(slowTest), heavy: z.array(slowTest) })
    .nullable()
    .describe("from the report of --tests"),
});
