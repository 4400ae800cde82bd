import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { Completion, Finish } from "../completion.ts";

/** The body of a whole answer. */
export function chatCompletion(completion: Completion): JsonObject {
  return {
    id: `chatcmpl-${completion.id}`,
    object: "chat.completion",
    created: createdSeconds(completion),
    model: completion.model,
    choices: [
      { index: 0, message: chatMessage(completion), logprobs: null, finish_reason: finishReason(completion.finish) },
    ],
    usage: chatUsage(completion),
    service_tier: "default",
    system_fingerprint: null,
  };
}

/** `content` is null when the model declined, or only called tools. */
export function chatMessage({ text, refusal, toolCalls }: Completion): JsonObject {
  return {
    role: "assistant",
    content: refusal !== undefined || (text === "" && toolCalls.length > 0) ? null : text,
    refusal: refusal ?? null,
    annotations: NONE,
    ...(toolCalls.length === 0
      ? undefined
      : {
          tool_calls: toolCalls.map((call) => ({
            id: `call_${call.id}`,
            type: "function",
            function: { name: call.name, arguments: call.arguments },
          })),
        }),
  };
}

export function chatUsage({ usage }: Completion): JsonObject {
  const { promptTokens, cachedTokens, completionTokens, reasoningTokens } = usage;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** A model that declines stops as usual; that it declined stands in the message. Limits are not told apart. */
export function finishReason(finish: Finish): string {
  if (finish === "refusal") return "stop";
  return finish === "context_window" ? "length" : finish;
}

export function createdSeconds({ createdMs }: Completion): number {
  return Math.floor(createdMs / 1000);
}

const NONE: readonly JsonValue[] = [];
