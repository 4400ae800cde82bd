import type { JsonObject } from "../../../src/base/json.ts";
import type { Completion, Finish, ModelRequest, ToolCall } from "../completion.ts";
import { argumentsOf } from "../tool-arguments.ts";

/** A whole answer. */
export function contentResponse(completion: Completion, request: ModelRequest): JsonObject {
  const { reasoning, refusal, text, toolCalls } = completion;
  const said = refusal ?? text;
  const parts: JsonObject[] = [];
  if (reasoning !== "" && showsThoughts(request)) parts.push({ text: reasoning, thought: true });
  if (said !== "") parts.push({ text: said });
  for (const call of toolCalls) {
    const part = callPart(call, completion, request);
    if (part !== undefined) parts.push(part);
  }
  return {
    candidates: [{ ...contentOf(parts), ...ending(completion, request) }],
    ...identity(completion),
    usageMetadata: usageMetadata(completion),
  };
}

/** A content without parts has no list of them: clients that expect one fall over it, as with the real thing. */
export function contentOf(parts: readonly JsonObject[]): JsonObject {
  return { content: parts.length === 0 ? { role: "model" } : { parts, role: "model" } };
}

export function identity({ id, model }: Pick<Completion, "id" | "model">): JsonObject {
  return { modelVersion: model, responseId: id };
}

export function showsThoughts({ echo }: ModelRequest): boolean {
  return echo?.["showsThoughts"] === true;
}

/** @returns undefined for a call that nobody sees: not whole, or in an answer whose calls are refused */
export function callPart(call: ToolCall, completion: Completion, request: ModelRequest): JsonObject | undefined {
  const args = argumentsOf(call);
  if (args === undefined || refusedCall(completion, request) !== undefined) return undefined;
  return { functionCall: { id: call.id, name: call.name, args } };
}

/** Why an answer ended, as a candidate says it. */
export function ending(completion: Completion, request: ModelRequest): JsonObject {
  const refused = refusedCall(completion, request);
  const finishReason = refused?.finishReason ?? FINISH_REASONS[completion.finish];
  return {
    finishReason,
    ...(refused === undefined ? {} : { finishMessage: refused.finishMessage }),
    index: 0,
    ...(finishReason === "SAFETY" ? { safetyRatings: [BLOCKING_RATING] } : {}),
  };
}

const FINISH_REASONS: Readonly<Record<Finish, string>> = {
  stop: "STOP",
  length: "MAX_TOKENS",
  context_window: "MAX_TOKENS",
  content_filter: "SAFETY",
  tool_calls: "STOP",
  // A model that declines says so, and stops.
  refusal: "STOP",
};
const BLOCKING_RATING: JsonObject = {
  category: "HARM_CATEGORY_DANGEROUS_CONTENT",
  probability: "HIGH",
  blocked: true,
};

/** A call that cannot be read, unless the limit cut it off, and one where no functions are declared. */
function refusedCall(
  { finish, toolCalls }: Completion,
  { tools }: ModelRequest,
): { readonly finishReason: string; readonly finishMessage: string } | undefined {
  const [first] = toolCalls;
  if (first === undefined) return undefined;
  if (tools.length === 0) {
    const finishMessage = `Unexpected tool call: ${first.name}(${first.arguments})`;
    return { finishReason: "UNEXPECTED_TOOL_CALL", finishMessage };
  }
  if (finish === "length" || finish === "context_window") return undefined;
  const malformed = toolCalls.find((call) => argumentsOf(call) === undefined);
  if (malformed === undefined) return undefined;
  const finishMessage = `Malformed function call: ${malformed.name}(${malformed.arguments})`;
  return { finishReason: "MALFORMED_FUNCTION_CALL", finishMessage };
}

/** Thoughts are counted apart from the candidate. */
export function usageMetadata({ usage }: Completion): JsonObject {
  const { promptTokens, cachedTokens, completionTokens, reasoningTokens } = usage;
  return {
    promptTokenCount: promptTokens,
    candidatesTokenCount: completionTokens - reasoningTokens,
    totalTokenCount: promptTokens + completionTokens,
    ...(cachedTokens === 0 ? {} : { cachedContentTokenCount: cachedTokens }),
    promptTokensDetails: [{ modality: "TEXT", tokenCount: promptTokens }],
    ...(reasoningTokens === 0 ? {} : { thoughtsTokenCount: reasoningTokens }),
  };
}

/** Before the answer is over. */
export function promptUsage(promptTokens: number): JsonObject {
  return {
    promptTokenCount: promptTokens,
    totalTokenCount: promptTokens,
    promptTokensDetails: [{ modality: "TEXT", tokenCount: promptTokens }],
  };
}
