import type { JsonArray, JsonObject, JsonValue } from "../../../../src/base/json.ts";
import { dataOf } from "../openai/sse-client.ts";

/** A message without what differs between the beginning and the end of a stream by design. */
export function readWhole(body: JsonObject): JsonValue {
  const { usage, ...message } = body;
  const { output_tokens: outputTokens, input_tokens: inputTokens } = usage as JsonObject;
  return { ...message, outputTokens: outputTokens!, inputTokens: inputTokens! };
}

/**
 * The same of a stream, put together event by event, as strict as the order is: a block grows only while it is open,
 * and nothing follows `message_stop`.
 */
export function readStream(events: readonly string[]): JsonValue {
  let message: Record<string, JsonValue> | undefined;
  let open: Record<string, JsonValue> | undefined;
  let inputText = "";
  const blocks: Record<string, JsonValue>[] = [];
  let usage: JsonObject = {};
  let over = false;
  for (const event of dataOf(events)) {
    if (over) throw new Error("an event after message_stop");
    const { type, index } = event;
    if (index !== undefined && index !== blocks.length) throw new Error("a block out of order");
    switch (type) {
      case "message_start":
        message = { ...(event["message"] as Record<string, JsonValue>) };
        break;
      case "ping":
        break;
      case "content_block_start":
        open = { ...(event["content_block"] as Record<string, JsonValue>) };
        inputText = "";
        break;
      case "content_block_delta":
        inputText += grow(open!, event["delta"] as JsonObject);
        break;
      case "content_block_stop":
        if (open!["type"] === "tool_use") open!["input"] = parseInput(inputText);
        blocks.push(open!);
        open = undefined;
        break;
      case "message_delta": {
        Object.assign(message!, event["delta"]);
        usage = event["usage"] as JsonObject;
        break;
      }
      case "message_stop":
        over = true;
        break;
      default:
        throw new Error(`no event is called ${type as string}`);
    }
  }
  if (!over || open !== undefined) throw new Error("the stream has no end");
  const { usage: _, ...rest } = message!;
  const content: JsonArray = blocks;
  return { ...rest, content, outputTokens: usage["output_tokens"]!, inputTokens: usage["input_tokens"]! };
}

/** @returns the piece of a tool's input */
function grow(block: Record<string, JsonValue>, delta: JsonObject): string {
  switch (delta["type"]) {
    case "text_delta":
      block["text"] = `${block["text"] as string}${delta["text"] as string}`;
      return "";
    case "thinking_delta":
      block["thinking"] = `${block["thinking"] as string}${delta["thinking"] as string}`;
      return "";
    case "signature_delta":
      block["signature"] = delta["signature"]!;
      return "";
    case "input_json_delta":
      return delta["partial_json"] as string;
    default:
      throw new Error("no such delta");
  }
}

/** What cannot be parsed is empty, as in one body. */
function parseInput(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return {};
  }
}
