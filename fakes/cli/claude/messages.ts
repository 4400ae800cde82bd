import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { deltasOf } from "../../llm/deltas.ts";
import type { AgentUsage } from "../agent-script.ts";
import type { Output } from "./output.ts";
import type { ToolUse } from "./permissions.ts";

/** Of an answer of the model, as the API has it. */
export type Block =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "thinking"; readonly thinking: string; readonly signature: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: JsonObject };

export interface ToolOutcome {
  readonly text: string;
  readonly isError: boolean;
  /** Who allowed or refused it. */
  readonly decision?: JsonObject;
  /** What the tool itself returns, where that is more than its text. */
  readonly detail?: JsonValue;
}

interface Answered {
  readonly model: string;
  readonly blocks: readonly Block[];
  readonly usage: AgentUsage;
}

/** One answer of the model: a message for each block, and with `--include-partial-messages` the API's events between them. */
export function assistantMessages(output: Output, { model, blocks, usage }: Answered): void {
  const id = output.id("msg");
  const requestId = output.id("req");
  const message = (content: readonly Block[]): JsonObject => ({
    id,
    type: "message",
    role: "assistant",
    model,
    content,
    stop_reason: null,
    stop_sequence: null,
    // It is not known yet how long the answer becomes.
    usage: { ...usageObject(usage), output_tokens: Math.min(1, usage.outputTokens) },
  });
  const send = (event: JsonObject): void => {
    if (output.args.partialMessages) output.send({ type: "stream_event", event, parent_tool_use_id: null });
  };
  if (output.args.partialMessages) output.send({ type: "system", subtype: "status", status: "requesting" });
  send({ type: "message_start", message: message([]) });
  for (const [index, block] of blocks.entries()) {
    const { opened, deltas } = streamed(block);
    send({ type: "content_block_start", index, content_block: opened });
    for (const delta of deltas) send({ type: "content_block_delta", index, delta });
    const whole = { ...message([block]), context_management: null };
    output.sendKept({ type: "assistant", message: whole, parent_tool_use_id: null }, { request_id: requestId });
    send({ type: "content_block_stop", index });
  }
  const stopReason = blocks.at(-1)?.type === "tool_use" ? "tool_use" : "end_turn";
  const end = { stop_reason: stopReason, stop_sequence: null };
  send({ type: "message_delta", delta: end, usage: { output_tokens: usage.outputTokens } });
  send({ type: "message_stop" });
}

/** What a tool told the model. */
export function toolResult(output: Output, use: ToolUse, { text, isError, decision, detail }: ToolOutcome): void {
  const result = { type: "tool_result", content: text, is_error: isError, tool_use_id: use.id };
  const message = { role: "user", content: [result] };
  output.sendKept(
    { type: "user", message, parent_tool_use_id: null },
    {
      tool_use_result: detail ?? (isError ? `Error: ${text}` : text),
      tool_result_meta: decision === undefined ? undefined : [{ id: use.id, permission_decision: decision }],
    },
  );
}

/** As the API counts: what came from its cache is not part of the input. */
export function usageObject(usage: AgentUsage): JsonObject {
  const cached = usage.cachedTokens ?? 0;
  return {
    input_tokens: usage.inputTokens - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: usage.outputTokens,
  };
}

function streamed(block: Block): { readonly opened: JsonObject; readonly deltas: readonly JsonObject[] } {
  switch (block.type) {
    case "text":
      return {
        opened: { type: "text", text: "" },
        deltas: deltasOf(block.text, DELTA_CHARS).map((text) => ({ type: "text_delta", text })),
      };
    case "thinking":
      return {
        opened: { type: "thinking", thinking: "", signature: "" },
        deltas: deltasOf(block.thinking, DELTA_CHARS).map((thinking) => ({ type: "thinking_delta", thinking })),
      };
    case "tool_use":
      return {
        opened: { type: "tool_use", id: block.id, name: block.name, input: {} },
        deltas: deltasOf(JSON.stringify(block.input), DELTA_CHARS).map((json) => ({
          type: "input_json_delta",
          partial_json: json,
        })),
      };
  }
}

const DELTA_CHARS = 40;
