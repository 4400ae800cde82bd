import { z } from "zod";
import type { ProjectConfig } from "../../define/config.ts";

/** What `defineConfig` takes, checked: whoever wrote it may have had no editor that knows types. */
export const projectConfigSchema = z.strictObject({
  scenarios: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
  seeds: z.int().min(1).max(1_000_000_000).optional(),
  workers: z.int().min(0).max(1_024).optional(),
  reports: z.string().min(1).optional(),
  reporters: z.array(z.string().min(1)).optional(),
}) satisfies z.ZodType<ProjectConfig>;

/** The members of the config that are about tests; the others are about `serve`. */
export const projectMembers: readonly string[] = Object.keys(projectConfigSchema.shape);
