import type { JsonObject } from "../../../src/base/json.ts";
import type { Completion, Finish, ModelRequest } from "../completion.ts";
import { argumentsOf } from "../tool-arguments.ts";
import { signatureOf } from "./thinking.ts";

/** A whole answer. */
export function messageObject(completion: Completion, request: ModelRequest): JsonObject {
  const { finish } = completion;
  return {
    ...messageStart(completion, request),
    content: contentBlocks(completion, request),
    stop_reason: stopReason(finish),
    stop_details: stopDetails(finish),
    usage: { ...messageUsage(completion), ...usageSoFar(completion) },
  };
}

/** The answer when nothing of it has been said, as a stream begins with it. */
export function messageStart(completion: Completion, request: ModelRequest): JsonObject {
  return {
    id: `msg_${completion.id}`,
    type: "message",
    role: "assistant",
    model: completion.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    ...contextManagement(request),
    usage: { ...messageUsage(completion), output_tokens: Math.min(1, completion.usage.completionTokens) },
  };
}

/** Who asks for edits of the context is told of them: there are none. */
export function contextManagement({ echo }: ModelRequest): JsonObject {
  return echo?.["contextManagement"] === true ? { context_management: { applied_edits: [] } } : {};
}

/** In the order in which they are said. Where nothing is, there is none. */
export function contentBlocks(completion: Completion, { echo }: ModelRequest): readonly ContentBlock[] {
  const { reasoning, text, refusal, toolCalls } = completion;
  const blocks: ContentBlock[] = [];
  const thinking = echo?.["thinking"];
  if (reasoning !== "" && (thinking === "shown" || thinking === "omitted")) {
    const shown = thinking === "shown" ? reasoning : "";
    blocks.push({ type: "thinking", thinking: shown, signature: signatureOf(reasoning) });
  }
  const said = refusal ?? text;
  if (said !== "") blocks.push({ type: "text", text: said });
  for (const call of toolCalls) {
    // What was cut off is no object: clients that do not stream get an empty one.
    const input = argumentsOf(call) ?? {};
    blocks.push({ type: "tool_use", id: `toolu_${call.id}`, name: call.name, input, caller: { type: "direct" } });
  }
  return blocks;
}

export type ContentBlock = JsonObject &
  (
    | { readonly type: "thinking"; readonly thinking: string; readonly signature: string }
    | { readonly type: "text"; readonly text: string }
    | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: JsonObject }
  );

export function stopReason(finish: Finish): string {
  return STOP_REASONS[finish];
}

/** No category of harm is known, and none is made up. */
export function stopDetails(finish: Finish): JsonObject | null {
  return stopReason(finish) === "refusal" ? { type: "refusal", category: null, explanation: null } : null;
}

const STOP_REASONS: Readonly<Record<Finish, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  context_window: "model_context_window_exceeded",
  content_filter: "refusal",
  tool_calls: "tool_use",
  refusal: "refusal",
};

/** The counters that grow while a stream goes on, as they are at its end. What a cache held is no input. */
export function usageSoFar({ usage }: Completion): JsonObject {
  const { promptTokens, cachedTokens, completionTokens, reasoningTokens } = usage;
  return {
    input_tokens: promptTokens - cachedTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cachedTokens,
    output_tokens: completionTokens,
    output_tokens_details: { thinking_tokens: reasoningTokens },
    server_tool_use: null,
  };
}

function messageUsage({ usage }: Completion): JsonObject {
  return {
    input_tokens: usage.promptTokens - usage.cachedTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cachedTokens,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens: 0,
    output_tokens_details: null,
    server_tool_use: null,
    service_tier: "standard",
    inference_geo: null,
    speed: "standard",
  };
}
