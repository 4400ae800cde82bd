import { z } from "zod";
import { baselineSchema } from "../../bench/baseline.ts";
import { exitCode, head } from "./document-parts.ts";

const items = z.array(z.object({ metric: z.string(), level: z.enum(["comment", "fail"]), reason: z.string() }));

const verdict = z.union([
  z.object({ kind: z.literal("ok") }),
  z.object({ kind: z.enum(["comment", "fail"]), items }),
  z.object({ kind: z.literal("invalid"), why: z.string() }),
]);

/** `bench --json`. */
export const benchSchema = z.object({
  ...head("bench"),
  ok: z.boolean(),
  exitCode,
  origin: z.object(baselineSchema.shape.origin.shape).describe("when, where and of what code it was measured"),
  metrics: z.record(
    z.string(),
    z.object({
      unit: z.string(),
      isDeterministic: z.boolean().describe("whether the same code gives the same samples on every machine"),
      samples: z.array(z.number().nullable()).describe("in the unit; null for what is no number, which is `invalid`"),
    }),
  ),
  verdicts: z.array(
    z.object({
      lane: z.enum(["deterministic", "wall-clock"]),
      gates: z.boolean().describe("whether a `fail` of it is one of the command"),
      verdict,
    }),
  ),
  broken: z.array(z.object({ name: z.string(), why: z.string() })).describe("benchmarks that could not be measured"),
});
