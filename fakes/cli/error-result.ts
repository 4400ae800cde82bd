import { isJsonObject } from "../../src/base/json.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";

/**
 * The last piece of a result, turned into a report of failure in the form it had: events of claude, codex, gemini and
 * opencode one a line, one JSON document of gemini or claude, or text. Earlier lines stay.
 */
export function withErrorInside(bytes: Uint8Array, message: string): Uint8Array {
  const text = Buffer.from(bytes).toString();
  const document = parseObject(text);
  if (document !== undefined)
    return Buffer.from(`${JSON.stringify(failed(document, message), null, indentOf(text))}\n`);
  const lines = text.trimEnd().split("\n");
  const event = parseObject(lines.at(-1)!);
  if (event === undefined) return Buffer.from(`${message}\n`);
  return Buffer.from([...lines.slice(0, -1), JSON.stringify(failed(event, message)), ""].join("\n"));
}

function failed(event: JsonObject, message: string): JsonObject {
  // Claude: `subtype` stays `success` when the provider failed.
  if ("is_error" in event) return { ...event, is_error: true, result: message, terminal_reason: "api_error" };
  if (event["type"] === "turn.completed") return { type: "turn.failed", error: { message } };
  if ("part" in event) {
    const { part: _, ...rest } = event;
    return { ...rest, type: "error", error: { name: "APIError", data: { message, isRetryable: false } } };
  }
  if (event["type"] === "result") return { ...event, status: "error", error: { type: "Error", message } };
  const { response: _, ...rest } = event;
  return { ...rest, error: { type: "Error", message, code: 1 } };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function indentOf(text: string): number {
  return text.startsWith("{\n  ") ? 2 : 0;
}
