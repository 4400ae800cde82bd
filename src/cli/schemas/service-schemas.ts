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

const packageStatus = z.object({
  version: z.literal(1),
  reference: z.string(),
  title: z.string(),
  stage: z.string(),
  lane: count,
  artifacts: z.array(
    z.object({
      path: z.string(),
      hash: z.string(),
      kind: z.string(),
      state: z.enum(["draft", "approved", "stale", "superseded"]),
      why: z.string(),
    }),
  ),
  next: z.string().describe("what the package waits for before it may go on"),
  refused: z
    .object({ to: z.string(), causes: z.array(z.string()) })
    .nullable()
    .describe("why the last transition that was asked for did not take place"),
  problems: z.array(z.string()).describe("what is wrong with its files"),
  sequence: count,
  atMs: z.number(),
});

/** What the commands of `work-package` print with --json: a package, its answer at a gate, or all packages. */
export const workPackageSchema = z.union([
  packageStatus,
  z.object({ version: z.literal(1), agent: z.string(), open: z.boolean(), causes: z.array(z.string()) }),
  z.object({
    version: z.literal(1),
    packages: z.array(
      z.union([packageStatus.extend({ folder: z.string() }), z.object({ folder: z.string(), why: z.string() })]),
    ),
  }),
]);
