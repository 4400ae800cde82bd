import { isJsonArray, isJsonObject } from "../../../src/base/json.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { ModelRequest, ToolDeclaration } from "../completion.ts";
import type { ParsedRequest } from "../dialect.ts";
import { readOutputFormat } from "./output-format.ts";
import { bad, unmodelled } from "./parsed.ts";
import { readInput } from "./responses-input.ts";
import { readTokensMax } from "./tokens-max.ts";

/** Reads the body of a request for a response. */
export function parseResponsesRequest(body: JsonValue | undefined): ParsedRequest {
  if (!isJsonObject(body)) return bad("We could not parse the JSON body of your request.");
  const model = body["model"];
  if (typeof model !== "string" || model === "") return bad("Missing required parameter: 'model'.", "model");
  for (const name of ["background", "conversation", "prompt"]) {
    if (body[name] !== undefined && body[name] !== null && body[name] !== false) return unmodelled(name);
  }
  const input = readInput(body["input"], typeof body["previous_response_id"] === "string");
  if (input.kind !== "ok") return input;
  const tokensMax = readTokensMax(body, "max_output_tokens");
  if (tokensMax.kind === "bad") return tokensMax;
  const text = isJsonObject(body["text"]) ? body["text"] : {};
  const format = readOutputFormat(text["format"], undefined);
  if (format === undefined) return bad("Invalid value for 'text.format'.", "text.format");
  const { instructions } = body;
  const request: ModelRequest = {
    model,
    prompt: typeof instructions === "string" ? `${instructions}\n${input.prompt}` : input.prompt,
    attachments: input.attachments,
    maxTokens: tokensMax.value,
    format,
    tools: readTools(body["tools"]),
    toolResults: input.toolResults,
    stream: body["stream"] === true,
    streamUsage: true,
    echo: echoOf(body, text),
  };
  return { kind: "ok", request };
}

/** Tools of the provider's own are named by their type. */
function readTools(tools: JsonValue | undefined): readonly ToolDeclaration[] {
  if (!isJsonArray(tools)) return [];
  const read: ToolDeclaration[] = [];
  for (const tool of tools) {
    if (!isJsonObject(tool)) continue;
    const name = tool["name"] ?? tool["type"];
    if (typeof name === "string") read.push({ name, parameters: tool["parameters"] ?? {} });
  }
  return read;
}

/** The members of a response that repeat the request, with the defaults of the API. */
function echoOf(body: JsonObject, text: JsonObject): JsonObject {
  const reasoning = isJsonObject(body["reasoning"]) ? body["reasoning"] : {};
  return {
    background: false,
    instructions: body["instructions"] ?? null,
    max_output_tokens: body["max_output_tokens"] ?? null,
    max_tool_calls: body["max_tool_calls"] ?? null,
    parallel_tool_calls: body["parallel_tool_calls"] ?? true,
    previous_response_id: body["previous_response_id"] ?? null,
    prompt_cache_key: body["prompt_cache_key"] ?? null,
    reasoning: { effort: reasoning["effort"] ?? null, summary: reasoning["summary"] ?? null },
    safety_identifier: body["safety_identifier"] ?? null,
    service_tier: "default",
    store: body["store"] ?? true,
    temperature: body["temperature"] ?? 1,
    text: { format: text["format"] ?? { type: "text" }, verbosity: text["verbosity"] ?? "medium" },
    tool_choice: body["tool_choice"] ?? "auto",
    tools: body["tools"] ?? [],
    top_logprobs: 0,
    top_p: body["top_p"] ?? 1,
    truncation: body["truncation"] ?? "disabled",
    user: body["user"] ?? null,
    metadata: body["metadata"] ?? {},
  };
}
