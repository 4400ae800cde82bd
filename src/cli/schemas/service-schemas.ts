import { z } from "zod";
import { count, head } from "./document-parts.ts";

/** `worker --json`. */
export const workerSchema = z.object({
  ...head("worker"),
  reason: z.enum(["drained", "idle", "refused", "lost"]),
  message: z.string(),
  chunks: count,
  runs: count,
});

const port = z.int().min(1).max(65_535);

/** `fakes serve --json`. */
export const fakesServeSchema = z.object({
  ...head("fakes serve"),
  pid: count,
  kanboard: z.object({ port, url: z.string(), user: z.string(), apiToken: z.string() }),
  llm: z.object({ port, url: z.string(), apiKey: z.string() }),
  control: z.object({ port, url: z.string() }),
  journal: z.string().nullable(),
});
