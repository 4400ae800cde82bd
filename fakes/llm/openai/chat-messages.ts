import { isJsonArray, isJsonObject } from "../../../src/base/json.ts";
import type { JsonArray, JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { ModelRequest, ToolResult } from "../completion.ts";
import type { ParsedRequest } from "../dialect.ts";
import { bad, unmodelled } from "./parsed.ts";

type Said = Pick<ModelRequest, "prompt" | "attachments" | "toolResults">;

/** What stands in the messages. Calls of tools must be answered, and answers must have a call, as with OpenAI. */
export function readMessages(
  messages: JsonArray,
): ({ readonly kind: "ok" } & Said) | Exclude<ParsedRequest, { readonly kind: "ok" }> {
  let prompt = "";
  let attachments = 0;
  const toolResults: ToolResult[] = [];
  const unanswered = new Set<string>();
  for (let index = 0; index < messages.length; index++) {
    const message = messages[index];
    const place = `messages[${index}]`;
    if (!isJsonObject(message)) return bad(`Invalid type for '${place}': expected an object.`, place);
    const content = readContent(message);
    if (content === undefined) return unmodelled(`the content of ${place}`);
    prompt = index === 0 ? content.text : `${prompt}\n${content.text}`;
    attachments += content.attachments;
    if (message["role"] === "tool") {
      const callId = message["tool_call_id"];
      if (typeof callId !== "string" || !unanswered.delete(callId)) return bad(TOOL_WITHOUT_CALL, `${place}.role`);
      toolResults.push({ callId, content: content.text });
      continue;
    }
    if (unanswered.size > 0) return bad(callsWithoutAnswer(unanswered), place);
    if (message["role"] === "function") return unmodelled(`the role of ${place}`);
    if (isJsonArray(message["tool_calls"])) addIds(message["tool_calls"], unanswered);
  }
  if (unanswered.size > 0) return bad(callsWithoutAnswer(unanswered), "messages");
  return { kind: "ok", prompt, attachments, toolResults };
}

const TOOL_WITHOUT_CALL =
  "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.";

function callsWithoutAnswer(ids: ReadonlySet<string>): string {
  return (
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
    `The following tool_call_ids did not have response messages: ${[...ids].join(", ")}`
  );
}

function addIds(calls: JsonArray, ids: Set<string>): void {
  for (const call of calls) {
    const id = isJsonObject(call) ? call["id"] : undefined;
    if (typeof id === "string") ids.add(id);
  }
}

interface Content {
  readonly text: string;
  readonly attachments: number;
}

/** @returns undefined for parts of a kind that is not modelled */
function readContent(message: JsonObject): Content | undefined {
  const content = message["content"];
  if (typeof content === "string") return { text: content, attachments: 0 };
  // An assistant that calls tools or declines says nothing.
  if ((content === undefined || content === null) && message["role"] === "assistant") return NOTHING;
  if (!isJsonArray(content)) return undefined;
  const texts: string[] = [];
  let attachments = 0;
  for (const part of content) {
    const text = textOf(part);
    if (text !== undefined) texts.push(text);
    else if (isJsonObject(part) && ATTACHMENTS.has(part["type"])) attachments++;
    else return undefined;
  }
  return { text: texts.join("\n"), attachments };
}

const NOTHING: Content = { text: "", attachments: 0 };
const ATTACHMENTS: ReadonlySet<JsonValue | undefined> = new Set(["image_url", "input_audio", "file"]);

function textOf(part: JsonValue): string | undefined {
  if (!isJsonObject(part)) return undefined;
  if (typeof part["text"] === "string") return part["text"];
  return typeof part["refusal"] === "string" ? part["refusal"] : undefined;
}
