import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { Completion, ModelRequest, ToolCall } from "../completion.ts";
import { createdSeconds } from "./chat-completion.ts";

/** A response as it stands at some moment: `in_progress` ones have neither output nor usage. */
export function responseObject(
  completion: Completion,
  request: ModelRequest,
  moment: "begun" | "over",
  error: JsonObject | null = null,
): JsonObject {
  const over = moment === "over" && error === null;
  const reason = incompleteReason(completion);
  return {
    id: `resp_${completion.id}`,
    object: "response",
    created_at: createdSeconds(completion),
    status: error !== null ? "failed" : !over ? "in_progress" : reason === undefined ? "completed" : "incomplete",
    completed_at: over && reason === undefined ? createdSeconds(completion) : null,
    error,
    incomplete_details: over && reason !== undefined ? { reason } : null,
    model: completion.model,
    output: over ? outputItems(completion) : [],
    ...request.echo,
    usage: over ? usageOf(completion) : null,
  };
}

/** In the order in which they are said. An answer that only calls tools has no message. */
function outputItems(completion: Completion): readonly JsonObject[] {
  const items: JsonObject[] = [];
  if (completion.reasoning !== "") items.push(reasoningItem(completion, [summaryPart(completion.reasoning)]));
  if (hasMessage(completion)) items.push(messageItem(completion, statusOf(completion), [messagePart(completion)]));
  for (const call of completion.toolCalls) items.push(callItem(call, "completed", call.arguments));
  return items;
}

export function hasMessage({ text, refusal, toolCalls }: Completion): boolean {
  return refusal !== undefined || text !== "" || toolCalls.length === 0;
}

export function reasoningItem({ id }: Completion, summary: readonly JsonValue[]): JsonObject {
  return { id: `rs_${id}`, type: "reasoning", summary };
}

export function summaryPart(text: string): JsonObject {
  return { type: "summary_text", text };
}

export function messageItem({ id }: Completion, status: string, content: readonly JsonValue[]): JsonObject {
  return { id: `msg_${id}`, type: "message", status, content, role: "assistant" };
}

export function messagePart({ text, refusal }: Completion): JsonObject {
  return refusal === undefined ? textPart(text) : { type: "refusal", refusal };
}

export function textPart(text: string): JsonObject {
  return { type: "output_text", annotations: [], logprobs: [], text };
}

export function callItem({ id, name }: ToolCall, status: string, args: string): JsonObject {
  return { id: `fc_${id}`, type: "function_call", status, arguments: args, call_id: `call_${id}`, name };
}

/** Of the message: a response that was cut off leaves it unfinished. */
export function statusOf(completion: Completion): "completed" | "incomplete" {
  return incompleteReason(completion) === undefined ? "completed" : "incomplete";
}

function incompleteReason({ finish }: Completion): string | undefined {
  if (finish === "length" || finish === "context_window") return "max_output_tokens";
  return finish === "content_filter" ? "content_filter" : undefined;
}

function usageOf({ usage }: Completion): JsonObject {
  const { promptTokens, cachedTokens, completionTokens, reasoningTokens } = usage;
  return {
    input_tokens: promptTokens,
    input_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: 0 },
    output_tokens: completionTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: promptTokens + completionTokens,
  };
}
