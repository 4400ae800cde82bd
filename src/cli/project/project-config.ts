import { z } from "zod";
import type { ProjectConfig } from "../../define/config.ts";
import { budgetsSchema } from "./budgets-schema.ts";

/** What `defineConfig` takes, checked: whoever wrote it may have had no editor that knows types. */
export const projectConfigSchema = z.strictObject({
  scenarios: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe("Where scenarios are: a pattern, or a list of them, relative to this file."),
  seeds: z.int().min(1).max(1_000_000_000).optional().describe("Of run and campaign, in total."),
  workers: z.int().min(0).max(1_024).optional().describe("Threads of run and campaign; 0 is none beside the first."),
  reports: z.string().min(1).optional().describe("The folder of repro files and reports, relative to this file."),
  reporters: z.array(z.string().min(1)).optional().describe("Of run, each as junit or markdown=summary.md."),
  budgets: budgetsSchema.optional().describe("What every run of run, campaign, replay and simTest may take at most."),
}) satisfies z.ZodType<ProjectConfig>;

/** The members of the config that are about tests; the others are about `serve`. */
export const projectMembers: readonly string[] = Object.keys(projectConfigSchema.shape);
