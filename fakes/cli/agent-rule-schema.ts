import { z } from "zod";
import type { JsonValue } from "../../src/base/json.ts";
import type { AgentFailure, AgentStep } from "./agent-script.ts";

const natural = z.int().min(0);
const positive = z.int().min(1);
const json: z.ZodType<JsonValue> = z.json();
const text = z.string();

const matchSchema = z.strictObject({
  agent: text.exactOptional(),
  token: text.exactOptional(),
  role: text.exactOptional(),
  key: text.exactOptional(),
  attempt: positive.exactOptional(),
  turn: positive.exactOptional(),
  promptDigest: text.regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits").exactOptional(),
  promptContains: text.exactOptional(),
  promptMatches: text.refine(isPattern, "not a regular expression").exactOptional(),
  /** Exact, or a beginning and `*`. */
  model: text.exactOptional(),
});

const stepSchema: z.ZodType<AgentStep> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("text"), text }),
  z.strictObject({ kind: z.literal("reasoning"), text }),
  z.strictObject({ kind: z.literal("command"), command: text, output: text, exitCode: natural.max(255) }),
  z.strictObject({
    kind: z.literal("tool"),
    name: text.min(1),
    input: json,
    output: text,
    isError: z.boolean().exactOptional(),
  }),
]);

const failureSchema: z.ZodType<AgentFailure> = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("api-error"),
    status: z.int().min(400).max(599),
    message: text.exactOptional(),
  }),
  z.strictObject({ kind: z.literal("not-logged-in") }),
  z.strictObject({ kind: z.literal("max-turns") }),
  z.strictObject({ kind: z.literal("refusal") }),
  z.strictObject({ kind: z.literal("content-filter") }),
  z.strictObject({ kind: z.literal("context-overflow") }),
  z.strictObject({ kind: z.literal("reconnects"), times: positive }),
  z.strictObject({ kind: z.literal("stalled") }),
  z.strictObject({ kind: z.literal("unknown-finish") }),
]);

const answerSchema = z.strictObject({
  message: text.exactOptional(),
  steps: z.array(stepSchema).exactOptional(),
  edits: z.array(z.strictObject({ path: text.min(1), content: text.nullable() })).exactOptional(),
  /** Default 1,000. */
  durationMs: natural.exactOptional(),
  structured: json.exactOptional(),
  usage: z
    .strictObject({ inputTokens: natural, outputTokens: natural, cachedTokens: natural.exactOptional() })
    .exactOptional(),
  costUsd: z.number().min(0).exactOptional(),
  failure: failureSchema.exactOptional(),
  exitCode: natural.max(255).exactOptional(),
  error: text.exactOptional(),
});

const ruleSchema = z
  .strictObject({
    match: matchSchema.exactOptional(),
    answer: answerSchema.exactOptional(),
    /** By attempt, from the first; the last one stays. */
    answers: z.array(answerSchema).min(1).exactOptional(),
  })
  .refine(({ answer, answers }) => (answer === undefined) !== (answers === undefined), "needs `answer` or `answers`");

export const agentRuleListSchema = z.array(ruleSchema);

export type AgentRule = z.infer<typeof ruleSchema>;
export type AgentMatch = z.infer<typeof matchSchema>;

function isPattern(source: string): boolean {
  try {
    void new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
