import { isJsonArray, isJsonObject } from "../../../src/base/json.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { ModelRequest, ToolDeclaration } from "../completion.ts";
import type { ParsedRequest } from "../dialect.ts";
import { readMessages } from "./chat-messages.ts";
import { bad, unmodelled } from "./parsed.ts";
import { readOutputFormat } from "./output-format.ts";
import { readTokensMax } from "./tokens-max.ts";

/** Reads the body of a chat completion request, and refuses what OpenAI refuses. */
export function parseChatRequest(body: JsonValue | undefined): ParsedRequest {
  if (!isJsonObject(body)) return bad("We could not parse the JSON body of your request.");
  const model = body["model"];
  if (typeof model !== "string" || model === "") return bad("you must provide a model parameter", "model");
  const messages = body["messages"];
  if (!isJsonArray(messages) || messages.length === 0) {
    return bad("Invalid 'messages': expected a non-empty array.", "messages");
  }
  const said = readMessages(messages);
  if (said.kind !== "ok") return said;
  const strange = unmodelledMember(body);
  if (strange !== undefined) return unmodelled(strange);

  const tools = readTools(body["tools"]);
  if (tools === undefined) return unmodelled("tools other than functions");
  for (const name of ["tool_choice", "parallel_tool_calls"] as const) {
    if (isSet(body[name]) && tools.length === 0) {
      return bad(`Invalid value for '${name}': '${name}' is only allowed when 'tools' are specified.`, name);
    }
  }
  if (isSet(body["max_tokens"]) && isSet(body["max_completion_tokens"])) {
    return bad("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", "max_tokens");
  }
  const tokensMax = readTokensMax(body, isSet(body["max_completion_tokens"]) ? "max_completion_tokens" : "max_tokens");
  if (tokensMax.kind === "bad") return tokensMax;
  const format = readOutputFormat(body["response_format"], "json_schema");
  if (format === undefined) return bad("Invalid value for 'response_format'.", "response_format");
  if (format === "json" && !mentionsJson(said.prompt)) {
    return bad(
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      "messages",
    );
  }
  const stream = body["stream"] === true;
  const streamOptions = body["stream_options"];
  if (isSet(streamOptions) && !stream) {
    return bad("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
  }
  const request: ModelRequest = {
    model,
    prompt: said.prompt,
    attachments: said.attachments,
    maxTokens: tokensMax.value,
    format,
    tools,
    toolResults: said.toolResults,
    stream,
    streamUsage: isJsonObject(streamOptions) && streamOptions["include_usage"] === true,
  };
  return { kind: "ok", request };
}

/** null stands for the default, as absence does. */
function isSet(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null;
}

function unmodelledMember(body: JsonObject): string | undefined {
  for (const name of ["functions", "function_call", "audio", "prediction", "web_search_options"]) {
    if (isSet(body[name])) return name;
  }
  if (isSet(body["n"]) && body["n"] !== 1) return "n";
  if (body["logprobs"] === true) return "logprobs";
  const modalities = body["modalities"];
  return isJsonArray(modalities) && modalities.includes("audio") ? "modalities" : undefined;
}

const NO_TOOLS: readonly ToolDeclaration[] = [];

function readTools(tools: JsonValue | undefined): readonly ToolDeclaration[] | undefined {
  if (!isJsonArray(tools)) return NO_TOOLS;
  const read: ToolDeclaration[] = [];
  for (const tool of tools) {
    const declared = isJsonObject(tool) ? tool["function"] : undefined;
    if (!isJsonObject(declared) || typeof declared["name"] !== "string") return undefined;
    read.push({ name: declared["name"], parameters: declared["parameters"] ?? {} });
  }
  return read;
}

/** The usual spellings first: they are found without a regular expression over a long prompt. */
function mentionsJson(prompt: string): boolean {
  return prompt.includes("JSON") || prompt.includes("json") || /json/i.test(prompt);
}
