import { Body } from "../../../src/base/body.ts";
import { isJsonArray, isJsonObject } from "../../../src/base/json.ts";
import type { JsonArray, JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { ModelRequest, ToolDeclaration, ToolResult } from "../completion.ts";
import type { ParsedRequest } from "../dialect.ts";
import { bad, unmodelled } from "../openai/parsed.ts";

/** A request for an answer, or one without a prompt, which only loads or unloads the model. */
export type Asked = ParsedRequest | LoadRequest;

export interface LoadRequest {
  readonly kind: "load";
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly unloads: boolean;
}

export type Endpoint = "chat" | "generate";

export function parseChatRequest(body: Body): Asked {
  const common = readCommon(body, "chat");
  if (common.kind !== "ok") return common;
  const { messages, tools } = common.body;
  if (messages === undefined || messages === null) return loadRequest(common);
  if (!isJsonArray(messages)) return wrongType("messages", "[]api.Message");
  if (messages.length === 0) return loadRequest(common);
  const said = readMessages(messages);
  if (said.kind !== "ok") return said;
  const { prompt, attachments, toolResults } = said;
  return requestOf(common, { prompt, attachments, toolResults, tools: readTools(tools) });
}

export function parseGenerateRequest(body: Body): Asked {
  const common = readCommon(body, "generate");
  if (common.kind !== "ok") return common;
  const { prompt = "", system, images } = common.body;
  if (typeof prompt !== "string") return wrongType("prompt", "string");
  for (const name of ["suffix", "context"]) {
    const value = common.body[name];
    if (value !== undefined && value !== null && value !== "") return unmodelled(name);
  }
  if (prompt === "") return loadRequest(common);
  return requestOf(common, {
    prompt: typeof system === "string" && system !== "" ? `${system}\n${prompt}` : prompt,
    attachments: isJsonArray(images) ? images.length : 0,
    toolResults: [],
    tools: [],
  });
}

/** What chats and single prompts share. */
interface Common {
  readonly kind: "ok";
  readonly endpoint: Endpoint;
  readonly body: JsonObject;
  readonly model: string;
  readonly maxTokens: number | undefined;
  readonly format: ModelRequest["format"];
  readonly showsThinking: boolean;
}

function readCommon(received: Body, endpoint: Endpoint): Common | Exclude<ParsedRequest, { readonly kind: "ok" }> {
  if (received === Body.empty) return bad("missing request body");
  const body = received.json();
  if (!isJsonObject(body)) return bad("the request body is not a JSON object");
  const { model, options, format, stream, think } = body;
  if (model === undefined || model === "") return bad("model is required");
  if (typeof model !== "string") return wrongType("model", "string");
  if (stream !== undefined && stream !== null && typeof stream !== "boolean") return wrongType("stream", "bool");
  if (think !== undefined && think !== null && !THINK_VALUES.has(think)) {
    return bad(`invalid think value: ${JSON.stringify(think)} (must be "high", "medium", "low", true, or false)`);
  }
  for (const name of ["logprobs", "width", "height", "steps"]) {
    if (body[name] !== undefined && body[name] !== false && body[name] !== 0) return unmodelled(name);
  }
  const outputFormat = readFormat(format);
  if (outputFormat === undefined) {
    return bad(`invalid format: ${JSON.stringify(format)}; expected "json" or a valid JSON Schema object`);
  }
  const predicted = isJsonObject(options) ? options["num_predict"] : undefined;
  if (predicted !== undefined && (typeof predicted !== "number" || !Number.isInteger(predicted))) {
    return bad('option "num_predict" must be of type integer');
  }
  return {
    kind: "ok",
    endpoint,
    body,
    model,
    // Negative ones stand for no limit, and for the whole context.
    maxTokens: predicted !== undefined && predicted > 0 ? predicted : undefined,
    format: outputFormat,
    // A model that can think does unless it is told not to.
    showsThinking: think !== false,
  };
}

const THINK_VALUES: ReadonlySet<JsonValue> = new Set<JsonValue>([true, false, "high", "medium", "low"]);

function requestOf(
  { endpoint, body, model, maxTokens, format, showsThinking }: Common,
  said: Pick<ModelRequest, "prompt" | "attachments" | "toolResults" | "tools">,
): ParsedRequest {
  const request: ModelRequest = {
    model,
    ...said,
    maxTokens,
    format,
    stream: body["stream"] !== false,
    streamUsage: true,
    echo: { endpoint, showsThinking },
  };
  return { kind: "ok", request };
}

function loadRequest({ endpoint, body, model }: Common): LoadRequest {
  return { kind: "load", endpoint, model, unloads: body["keep_alive"] === 0 };
}

function readFormat(format: JsonValue | undefined): ModelRequest["format"] | undefined {
  if (format === undefined || format === null || format === "") return "text";
  if (format === "json") return "json";
  return isJsonObject(format) ? { name: "format", schema: format } : undefined;
}

function readMessages(
  messages: JsonArray,
):
  | ({ readonly kind: "ok" } & Pick<ModelRequest, "prompt" | "attachments" | "toolResults">)
  | Exclude<ParsedRequest, { readonly kind: "ok" }> {
  const texts: string[] = [];
  const toolResults: ToolResult[] = [];
  let attachments = 0;
  for (const message of messages) {
    if (!isJsonObject(message)) return wrongType("messages", "api.Message");
    const { role, content = "", images, tool_call_id: callId } = message;
    if (typeof content !== "string") return wrongType("messages.content", "string");
    texts.push(content);
    if (isJsonArray(images)) attachments += images.length;
    if (role === "tool") toolResults.push({ callId: typeof callId === "string" ? callId : "", content });
  }
  return { kind: "ok", prompt: texts.join("\n"), attachments, toolResults };
}

function readTools(tools: JsonValue | undefined): readonly ToolDeclaration[] {
  const declared: ToolDeclaration[] = [];
  for (const tool of isJsonArray(tools) ? tools : []) {
    const described = isJsonObject(tool) ? tool["function"] : undefined;
    if (!isJsonObject(described) || typeof described["name"] !== "string") continue;
    declared.push({ name: described["name"], parameters: described["parameters"] ?? {} });
  }
  return declared;
}

/** As the decoder of the server says it. */
function wrongType(member: string, type: string): ParsedRequest & { readonly kind: "bad" } {
  return bad(`json: cannot unmarshal value into Go struct field .${member} of type ${type}`);
}
