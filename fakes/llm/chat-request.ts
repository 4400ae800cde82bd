import { isJsonArray, isJsonObject } from "../../src/base/json.ts";
import type { JsonObject, JsonValue } from "../../src/base/json.ts";

/** What the provider reads of a chat completion request. */
export interface ChatRequest {
  readonly model: string;
  /** The text of all messages, joined by newlines. */
  readonly prompt: string;
  readonly maxTokens: number | undefined;
  readonly jsonMode: boolean;
  readonly stream: boolean;
}

export type ChatRequestResult =
  | { readonly kind: "ok"; readonly request: ChatRequest }
  | { readonly kind: "bad"; readonly message: string; readonly param?: string }
  /** Something that a real provider takes and this one does not. */
  | { readonly kind: "unmodelled"; readonly what: string };

export function parseChatRequest(body: JsonValue | undefined): ChatRequestResult {
  if (!isJsonObject(body)) return { kind: "bad", message: "We could not parse the JSON body of your request." };
  const model = body["model"];
  if (typeof model !== "string" || model === "") {
    return { kind: "bad", message: "you must provide a model parameter", param: "model" };
  }
  const messages = body["messages"];
  if (!isJsonArray(messages) || messages.length === 0) {
    return { kind: "bad", message: "Invalid 'messages': expected a non-empty array.", param: "messages" };
  }
  let prompt = "";
  for (let index = 0; index < messages.length; index++) {
    const text = textOf(messages[index]!);
    if (text === undefined) return { kind: "unmodelled", what: `the content of messages[${index}]` };
    prompt = index === 0 ? text : `${prompt}\n${text}`;
  }
  for (const name of UNMODELLED_MEMBERS) if (body[name] !== undefined) return { kind: "unmodelled", what: name };
  if (typeof body["n"] === "number" && body["n"] !== 1) return { kind: "unmodelled", what: "n" };
  const maxTokens = body["max_completion_tokens"] ?? body["max_tokens"];
  if (maxTokens !== undefined && maxTokens !== null && !(Number.isInteger(maxTokens) && (maxTokens as number) > 0)) {
    return { kind: "bad", message: "Invalid 'max_tokens': expected a positive integer.", param: "max_tokens" };
  }
  return {
    kind: "ok",
    request: {
      model,
      prompt,
      maxTokens: typeof maxTokens === "number" ? maxTokens : undefined,
      jsonMode: isJsonMode(body["response_format"]),
      stream: body["stream"] === true,
    },
  };
}

const UNMODELLED_MEMBERS = ["tools", "functions"] as const;

function textOf(message: JsonValue): string | undefined {
  const content = isJsonObject(message) ? message["content"] : undefined;
  if (typeof content === "string") return content;
  if (!isJsonArray(content)) return undefined;
  const parts: string[] = [];
  for (const part of content) {
    if (!isJsonObject(part) || typeof part["text"] !== "string") return undefined;
    parts.push(part["text"]);
  }
  return parts.join("\n");
}

function isJsonMode(format: JsonValue | undefined): boolean {
  if (!isJsonObject(format)) return false;
  const { type } = format as JsonObject & { readonly type?: JsonValue };
  return type === "json_object" || type === "json_schema";
}
