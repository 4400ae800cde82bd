import { z } from "zod";
import { figureNames } from "../../limits/figures.ts";
import { count, head, seed, share } from "./document-parts.ts";

const law = z.enum(["constant", "linear", "n log n", "quadratic"]);
const verdict = z.enum(["holds", "degrades", "breaks"]);
const figure = z.enum(figureNames);
const command = z.string().describe("shows it again");

const edge = z.object({
  level: count,
  runs: count,
  seed,
  why: z.string().describe("the invariant, the budget or the limit, in words; empty where it holds"),
  failureRateMax: share
    .optional()
    .describe("where it holds: a larger share of runs would fail only with a chance of 5 %"),
  command,
});

const ramp = z.object({
  name: z.string(),
  about: z.string(),
  unit: z.string(),
  from: count,
  to: count,
  promised: count,
});

const growth = z.object({
  figure,
  unit: z.string(),
  law,
  allowed: law.optional().describe("the steepest one that the ramp allows; absent where it may do as it likes"),
  base: z.number(),
  perUnit: z.number(),
  relativeError: z.number().nonnegative(),
  exponent: z.number().describe("in the upper half of the levels it grows with this power of the load"),
  points: z.array(z.object({ level: count, cost: z.number() })),
  candidates: z.array(z.object({ law, relativeError: z.number().nonnegative() })),
});

const side = z.object({ limitIs: z.number(), isHeldBack: z.boolean(), why: z.string() });

/** `limits --json`. */
export const limitsSchema = z.object({
  ...head("limits"),
  ok: z.boolean().describe("nothing was found"),
  seeds: count.describe("most runs at a level"),
  firstSeed: seed,
  ramps: z.array(
    ramp.extend({
      holdsUpTo: edge.optional(),
      degradesFrom: edge.optional(),
      breaksAt: edge.optional(),
      isMonotone: z.boolean().describe("false when a level held though a lower one did not"),
      levels: z.array(z.object({ level: count, verdict, runs: count, seed, why: z.string() })),
      growth: z.array(growth),
    }),
  ),
  limits: z.array(
    z.object({
      name: z.string(),
      limit: z.string(),
      about: z.string(),
      unit: z.string(),
      command,
      within: side.describe("the limit is just enough"),
      beyond: side.describe("the limit is too little"),
      verdict: z.enum(["enforced", "silent", "unenforced", "premature"]),
    }),
  ),
  untried: z.record(z.string(), z.string()).describe("settings among the limits that were not tried, with the reason"),
  findings: z.array(
    z.object({
      kind: z.enum([
        "breaks-early",
        "degrades-early",
        "growth",
        "no-end",
        "recursion",
        "unenforced-limit",
        "silent-limit",
        "premature-limit",
        "memory",
      ]),
      title: z.string(),
      of: z.string().describe("the ramp or the explicit limit that shows it"),
      why: z.string(),
      evidence: z.string(),
      seed,
      command,
    }),
  ),
  real: z
    .array(
      z.object({
        ramp: z.string(),
        figure: z.enum(["cpuMs", "cpuMsPerVirtualHour", "heapBytes"]),
        law,
        perUnit: z.number(),
        unit: z.string(),
        points: z.array(z.object({ level: count, cost: z.number() })),
      }),
    )
    .optional()
    .describe("what this machine measured; absent with --no-real"),
});

/** `limits RAMP --level N --json`. */
export const limitsLevelSchema = z.object({
  ...head("limits"),
  run: z.object({
    ramp: z.string(),
    unit: z.string(),
    level: count,
    seed,
    verdict,
    why: z.string(),
    figures: z.record(figure, z.number()),
  }),
});

/** `limits --list --json`. */
export const limitsListSchema = z.object({
  ...head("limits"),
  ramps: z.array(ramp.extend({ levelMax: count })),
  limits: z.array(z.object({ name: z.string(), limit: z.string(), about: z.string(), unit: z.string() })),
});
