import { isJsonArray, isJsonObject } from "../../../src/base/json.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { ModelRequest, ToolResult } from "../completion.ts";
import type { ParsedRequest } from "../dialect.ts";
import { bad, unmodelled } from "./parsed.ts";

type Said = Pick<ModelRequest, "prompt" | "attachments" | "toolResults">;

/**
 * The input as one text, or as items: messages, calls of tools, their results, and what the model reasoned. Each call
 * must have its result in the input, and each result its call, unless an earlier response may hold it.
 */
export function readInput(
  input: JsonValue | undefined,
  hasPrevious: boolean,
): ({ readonly kind: "ok" } & Said) | Exclude<ParsedRequest, { readonly kind: "ok" }> {
  if (typeof input === "string") return { kind: "ok", prompt: input, attachments: 0, toolResults: [] };
  if (!isJsonArray(input)) return bad("Missing required parameter: 'input'.", "input");
  const texts: string[] = [];
  const toolResults: ToolResult[] = [];
  let attachments = 0;
  const unanswered = new Set<string>();
  for (const [index, item] of input.entries()) {
    const place = `input[${index}]`;
    if (!isJsonObject(item)) return bad(`Invalid type for '${place}': expected an object.`, place);
    const type = item["type"] ?? "message";
    if (SILENT_ITEMS.has(type)) {
      if (type !== "reasoning") unanswered.add(callIdOf(item));
      continue;
    }
    const isResult = TOOL_RESULTS.has(type);
    if (type !== "message" && !isResult) return unmodelled(`${place} of type ${JSON.stringify(type)}`);
    const content = readContent(item[isResult ? "output" : "content"]);
    if (content === undefined) return unmodelled(`the content of ${place}`);
    attachments += content.attachments;
    texts.push(content.text);
    if (!isResult) continue;
    const callId = callIdOf(item);
    if (!unanswered.delete(callId) && !hasPrevious) {
      return bad(`No tool call found for function call output with call_id ${callId}.`, "input");
    }
    toolResults.push({ callId, content: content.text });
  }
  for (const callId of unanswered) return bad(`No tool output found for function call ${callId}.`, "input");
  return { kind: "ok", prompt: texts.join("\n"), attachments, toolResults };
}

/** What the model said to itself or to tools: no words of the prompt. */
const SILENT_ITEMS: ReadonlySet<JsonValue> = new Set(["reasoning", "function_call", "custom_tool_call"]);
const TOOL_RESULTS: ReadonlySet<JsonValue> = new Set(["function_call_output", "custom_tool_call_output"]);
const ATTACHMENTS: ReadonlySet<JsonValue | undefined> = new Set(["input_image", "input_file", "input_audio"]);

function callIdOf(item: JsonObject): string {
  const id = item["call_id"];
  return typeof id === "string" ? id : "";
}

/** @returns undefined for parts of a kind that is not modelled */
function readContent(
  content: JsonValue | undefined,
): { readonly text: string; readonly attachments: number } | undefined {
  if (typeof content === "string") return { text: content, attachments: 0 };
  if (!isJsonArray(content)) return undefined;
  const texts: string[] = [];
  let attachments = 0;
  for (const part of content) {
    if (!isJsonObject(part)) return undefined;
    const text = part["text"] ?? part["refusal"];
    if (typeof text === "string") texts.push(text);
    else if (ATTACHMENTS.has(part["type"])) attachments++;
    else return undefined;
  }
  return { text: texts.join("\n"), attachments };
}
