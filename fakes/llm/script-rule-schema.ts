import { z } from "zod";
import type { JsonValue } from "../../src/base/json.ts";
import type { AnswerFault } from "./answer-fault.ts";
import type { HtmlPage } from "./model-script.ts";
import type { ProviderError } from "./provider-error.ts";
import { serviceFaultNames } from "./service-fault.ts";
import type { StreamFault } from "./stream-fault.ts";

const natural = z.int().min(0);
const positive = z.int().min(1);
const json: z.ZodType<JsonValue> = z.json();

const matchSchema = z.strictObject({
  token: z.string().exactOptional(),
  role: z.string().exactOptional(),
  key: z.string().exactOptional(),
  attempt: positive.exactOptional(),
  /** Only for tests of a single task, see `ScriptRequest`. */
  callNumber: positive.exactOptional(),
  promptDigest: z
    .string()
    .regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits")
    .exactOptional(),
  promptContains: z.string().exactOptional(),
  promptMatches: z.string().refine(isPattern, "not a regular expression").exactOptional(),
  /** Exact, or a beginning and `*`. */
  model: z.string().exactOptional(),
  dialect: z.string().exactOptional(),
  stream: z.boolean().exactOptional(),
  /** How many results of tools stand in the prompt. */
  toolResults: natural.exactOptional(),
});

const hints = {
  retryAfterSeconds: z.number().exactOptional(),
  retryAfterMs: z.number().exactOptional(),
  shouldRetry: z.boolean().exactOptional(),
};

const providerErrorSchema: z.ZodType<ProviderError> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("badRequest"), message: z.string(), param: z.string().exactOptional() }),
  z.strictObject({ kind: z.literal("invalidKey") }),
  z.strictObject({ kind: z.literal("permissionDenied") }),
  z.strictObject({ kind: z.literal("modelNotFound"), model: z.string() }),
  z.strictObject({ kind: z.literal("notFound"), method: z.string(), path: z.string() }),
  z.strictObject({ kind: z.literal("contextLengthExceeded"), tokens: natural, tokensMax: natural }),
  z.strictObject({ kind: z.literal("requestTooLarge"), sizeBytesMax: natural }),
  z.strictObject({ kind: z.literal("promptFiltered") }),
  z.strictObject({ kind: z.literal("rateLimited"), ...hints }),
  z.strictObject({ kind: z.literal("quotaExceeded"), ...hints }),
  z.strictObject({ kind: z.literal("serverError"), ...hints }),
  z.strictObject({ kind: z.literal("unavailable"), ...hints }),
  z.strictObject({ kind: z.literal("timeout"), ...hints }),
  z.strictObject({ kind: z.literal("overloaded"), ...hints }),
]);

const errorSchema: z.ZodType<ProviderError | HtmlPage> = z.union([
  providerErrorSchema,
  z.strictObject({ kind: z.literal("htmlPage"), status: z.int().min(200).max(599) }),
]);

const at = z.union([
  z.enum(["before-headers", "tool-call-opened", "instead-of-terminal", "after-terminal"]),
  z.strictObject({ afterDeltas: natural }),
]);

const streamFaultSchema: z.ZodType<StreamFault> = z.discriminatedUnion("how", [
  z.strictObject({ at, how: z.literal("reset") }),
  z.strictObject({ at, how: z.literal("clean-end") }),
  z.strictObject({ at, how: z.literal("stall") }),
  z.strictObject({ at, how: z.literal("error-event"), error: providerErrorSchema.exactOptional() }),
  z.strictObject({ at, how: z.literal("cut-event") }),
  z.strictObject({ at, how: z.literal("pause"), durationMs: natural }),
]);

const answerFaultSchema: z.ZodType<AnswerFault> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("empty") }),
  z.strictObject({ kind: z.literal("fenced") }),
  z.strictObject({ kind: z.literal("truncated"), silent: z.boolean(), keepChars: natural.exactOptional() }),
  z.strictObject({ kind: z.literal("malformed") }),
  z.strictObject({ kind: z.literal("schemaViolating") }),
  z.strictObject({ kind: z.literal("duplicatedItem") }),
  z.strictObject({ kind: z.literal("refusal") }),
  z.strictObject({ kind: z.literal("contentFilter") }),
  z.strictObject({ kind: z.literal("contextOverflow") }),
  z.strictObject({ kind: z.literal("huge"), sizeChars: natural }),
  z.strictObject({ kind: z.literal("injected"), text: z.string().exactOptional() }),
  z.strictObject({ kind: z.literal("slowFirstToken"), delayMs: natural }),
  z.strictObject({ kind: z.literal("another") }),
  z.strictObject({ kind: z.literal("toolArgumentsCut"), keepChars: natural.exactOptional() }),
  z.strictObject({ kind: z.literal("unknownTool"), name: z.string().exactOptional() }),
]);

const answerSchema = z.strictObject({
  content: z.string().exactOptional(),
  reasoning: z.string().exactOptional(),
  toolCalls: z
    .array(z.strictObject({ name: z.string().min(1), arguments: json, argumentsCharsMax: natural.exactOptional() }))
    .exactOptional(),
  refusal: z.string().exactOptional(),
  finish: z.enum(["stop", "length", "context_window", "content_filter", "tool_calls"]).exactOptional(),
  usage: z
    .strictObject({
      promptTokens: natural,
      completionTokens: natural,
      cachedTokens: natural.exactOptional(),
      reasoningTokens: natural.exactOptional(),
    })
    .exactOptional(),
  timeToFirstTokenMs: z.number().min(0).exactOptional(),
  tokensPerSecond: z.number().positive().exactOptional(),
  deltaChars: positive.exactOptional(),
  error: errorSchema.exactOptional(),
  /** By a name of `service-fault.ts`, as what is wrong with the answer, or as what happens to it on its way. */
  fault: z.union([z.enum(serviceFaultNames), answerFaultSchema, streamFaultSchema]).exactOptional(),
});

const ruleSchema = z
  .strictObject({
    match: matchSchema.exactOptional(),
    answer: answerSchema.exactOptional(),
    /** By attempt, from the first; the last one stays. */
    answers: z.array(answerSchema).min(1).exactOptional(),
  })
  .refine(({ answer, answers }) => (answer === undefined) !== (answers === undefined), "needs `answer` or `answers`");

export const ruleListSchema = z.array(ruleSchema);

export type Rule = z.infer<typeof ruleSchema>;
export type Match = z.infer<typeof matchSchema>;
export type RuleAnswer = z.infer<typeof answerSchema>;
export type RuleFault = NonNullable<RuleAnswer["fault"]>;

function isPattern(source: string): boolean {
  try {
    void new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
