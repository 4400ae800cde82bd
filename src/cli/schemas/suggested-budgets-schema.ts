import { z } from "zod";
import { budgetNames } from "../../limits/budgets/budgets.ts";
import { budgetsSchema } from "../project/budgets-schema.ts";
import { count, head, seed } from "./document-parts.ts";

const figure = z.number().nonnegative();

/** `limits --suggest --json`. */
export const suggestedBudgetsSchema = z.object({
  ...head("limits"),
  scenarios: z.array(z.string()),
  seeds: z.object({ first: seed, ofEach: count }),
  headroom: z.number().min(1),
  runs: count.describe("that held, and were measured"),
  failed: count.describe("runs that did not hold, and are left out"),
  budgets: budgetsSchema.describe("ready for a config"),
  suggested: z.array(
    z.object({
      budget: z.enum(budgetNames as [string, ...string[]]),
      per: z.string(),
      value: figure,
      p99: figure.describe("of the most in each run, by nearest rank"),
      runs: count.describe("that had some of it"),
      largest: z.object({ value: figure, of: z.string(), scenario: z.string(), seed }),
      raised: z.boolean().describe("to the largest, which lies above the percentile with its headroom"),
    }),
  ),
});
