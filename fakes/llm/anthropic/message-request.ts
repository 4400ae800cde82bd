import { isJsonArray, isJsonObject } from "../../../src/base/json.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { ModelRequest } from "../completion.ts";
import type { ParsedRequest } from "../dialect.ts";
import { bad, unmodelled } from "../openai/parsed.ts";
import { readConversation } from "./conversation.ts";
import { readThinking } from "./thinking.ts";
import { readTools } from "./tools.ts";

/**
 * Reads the body of a request for an answer, or of one for a count of its tokens, which lacks what only an answer
 * needs. Refuses what Anthropic refuses.
 */
export function parseMessageRequest(body: JsonValue | undefined, purpose: "answer" | "count"): ParsedRequest {
  if (!isJsonObject(body)) return bad("The request body is not valid JSON");
  const strange = strangeMember(body, purpose);
  if (strange !== undefined) return strange;
  const { model } = body;
  if (model === undefined) return bad("model: Field required");
  if (typeof model !== "string" || model === "") return bad("model: Input should be a valid string");
  const tokensMax = readTokensMax(body["max_tokens"], purpose);
  if (typeof tokensMax === "object") return tokensMax;
  if (body["stream"] !== undefined && typeof body["stream"] !== "boolean") {
    return bad("stream: Input should be a valid boolean");
  }
  const thinking = readThinking(body);
  if (thinking.kind === "bad") return thinking;
  const tools = readTools(body["tools"], body["tool_choice"]);
  if (tools.kind !== "ok") return tools;
  const format = readFormat(body);
  if (format === undefined) return bad("output_config.format.type: Input should be 'json_schema'");
  const said = readConversation(body["system"], body["messages"]);
  if (said.kind !== "ok") return said;
  const request: ModelRequest = {
    model,
    prompt: said.prompt,
    attachments: said.attachments,
    maxTokens: tokensMax,
    format,
    tools: tools.declared,
    toolResults: said.toolResults,
    stream: body["stream"] === true,
    streamUsage: true,
    echo: { thinking: thinking.display, contextManagement: isSet(body["context_management"]) },
  };
  return { kind: "ok", request };
}

/** null stands for the default, as absence does. */
function isSet(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

/** What both requests may have: read above, or without effect. */
const MEMBERS: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "system",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "output_format",
  "cache_control",
  "context_management",
  "speed",
]);
const MEMBERS_OF_ANSWERS: ReadonlySet<string> = new Set([
  "max_tokens",
  "stream",
  "stop_sequences",
  "metadata",
  "temperature",
  "top_k",
  "top_p",
  "service_tier",
  "inference_geo",
  "diagnostics",
  "fallbacks",
  "fallback_credit_token",
  "billing_policy",
]);
const UNMODELLED_MEMBERS: ReadonlySet<string> = new Set(["container", "mcp_servers", "thread", "compaction"]);

function strangeMember(body: JsonObject, purpose: "answer" | "count"): ParsedRequest | undefined {
  for (const [name, value] of Object.entries(body)) {
    if (MEMBERS.has(name) || (purpose === "answer" && MEMBERS_OF_ANSWERS.has(name))) continue;
    if (!UNMODELLED_MEMBERS.has(name)) return bad(`${name}: Extra inputs are not permitted`);
    if (isSet(value) && !(isJsonArray(value) && value.length === 0)) return unmodelled(name);
  }
  return undefined;
}

function readTokensMax(
  value: JsonValue | undefined,
  purpose: "answer" | "count",
): number | undefined | Exclude<ParsedRequest, { readonly kind: "ok" }> {
  if (purpose === "count") return undefined;
  if (value === undefined) return bad("max_tokens: Field required");
  if (typeof value !== "number" || !Number.isInteger(value)) {
    return bad("max_tokens: Input should be a valid integer");
  }
  if (value === 0) return unmodelled("max_tokens 0, which fills a cache");
  return value > 0 ? value : bad("max_tokens: Input should be greater than or equal to 0");
}

/** @returns undefined when it is none of the formats */
function readFormat(body: JsonObject): ModelRequest["format"] | undefined {
  const config = body["output_config"];
  // The beta had it beside the other members, under another name.
  const format = (isJsonObject(config) ? config["format"] : undefined) ?? body["output_format"];
  if (!isSet(format)) return "text";
  if (!isJsonObject(format) || format["type"] !== "json_schema") return undefined;
  return { name: "output", schema: format["schema"] ?? {} };
}
