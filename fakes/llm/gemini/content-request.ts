import { isJsonArray, isJsonObject } from "../../../src/base/json.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { ModelRequest, ToolDeclaration } from "../completion.ts";
import type { ParsedRequest } from "../dialect.ts";
import { bad, unmodelled } from "../openai/parsed.ts";
import { readContents } from "./contents.ts";
import { fieldsOf } from "./fields.ts";

type Refused = Exclude<ParsedRequest, { readonly kind: "ok" }>;

/** Reads the body of a request for content, and refuses what Gemini refuses. */
export function parseContentRequest(model: string, value: JsonValue | undefined, stream: boolean): ParsedRequest {
  const body = fieldsOf(value);
  if (body === undefined) return bad("Invalid JSON payload received. Expected an object.");
  const strange = strangeField(body, FIELDS, "") ?? unmodelledField(body, UNMODELLED_FIELDS) ?? streamedCalls(body);
  if (strange !== undefined) return strange;
  const config = fieldsOf(body["generationConfig"]) ?? {};
  const strangeConfig = strangeField(config, CONFIG_FIELDS, " at 'generation_config'") ?? unmodelledConfig(config);
  if (strangeConfig !== undefined) return strangeConfig;
  const tokensMax = config["maxOutputTokens"] ?? 0;
  if (typeof tokensMax !== "number" || !Number.isInteger(tokensMax) || tokensMax < 0) {
    return bad("* GenerateContentRequest.generation_config.max_output_tokens: must be a positive integer\n");
  }
  const format = readFormat(config);
  if (typeof format === "object" && "kind" in format) return format;
  const said = readContents(body["contents"], body["systemInstruction"]);
  if (said.kind !== "ok") return said;
  const thinking = fieldsOf(config["thinkingConfig"]);
  const request: ModelRequest = {
    model,
    prompt: said.prompt,
    attachments: said.attachments,
    // Zero is the same as none.
    maxTokens: tokensMax === 0 ? undefined : tokensMax,
    format,
    tools: readTools(body["tools"]),
    toolResults: said.toolResults,
    stream,
    streamUsage: true,
    echo: { showsThoughts: thinking?.["includeThoughts"] === true },
  };
  return { kind: "ok", request };
}

/** The contents alone, or a whole request for content. */
export function parseCountRequest(model: string, value: JsonValue | undefined): ParsedRequest {
  const body = fieldsOf(value);
  return parseContentRequest(model, body?.["generateContentRequest"] ?? value, false);
}

const FIELDS: ReadonlySet<string> = new Set([
  "model",
  "contents",
  "systemInstruction",
  "tools",
  "toolConfig",
  "safetySettings",
  "generationConfig",
  "cachedContent",
  "continuationToken",
  "labels",
  "serviceTier",
  "store",
]);
const UNMODELLED_FIELDS: readonly string[] = ["cachedContent", "continuationToken"];
const CONFIG_FIELDS: ReadonlySet<string> = new Set([
  "audioTranscriptionConfig",
  "candidateCount",
  "enableEnhancedCivicAnswers",
  "frequencyPenalty",
  "imageConfig",
  "logprobs",
  "maxOutputTokens",
  "mediaResolution",
  "presencePenalty",
  "responseFormat",
  "responseJsonSchema",
  "_responseJsonSchema",
  "responseLogprobs",
  "responseMimeType",
  "responseModalities",
  "responseSchema",
  "seed",
  "speechConfig",
  "stopSequences",
  "temperature",
  "thinkingConfig",
  "topK",
  "topP",
]);
const UNMODELLED_CONFIG_FIELDS: readonly string[] = [
  "audioTranscriptionConfig",
  "imageConfig",
  "responseFormat",
  "speechConfig",
];

function strangeField(fields: JsonObject, known: ReadonlySet<string>, place: string): Refused | undefined {
  const name = Object.keys(fields).find((each) => !known.has(each));
  if (name === undefined) return undefined;
  return bad(`Invalid JSON payload received. Unknown name "${name}"${place}: Cannot find field.`);
}

function unmodelledField(fields: JsonObject, names: readonly string[]): Refused | undefined {
  const name = names.find((each) => fields[each] !== undefined && fields[each] !== null);
  return name === undefined ? undefined : unmodelled(name);
}

function streamedCalls(body: JsonObject): Refused | undefined {
  const calling = fieldsOf(fieldsOf(body["toolConfig"])?.["functionCallingConfig"]);
  return calling?.["streamFunctionCallArguments"] === true ? unmodelled("streamFunctionCallArguments") : undefined;
}

function unmodelledConfig(config: JsonObject): Refused | undefined {
  const { candidateCount = 1, responseLogprobs, responseModalities } = config;
  if (candidateCount !== 1) return unmodelled("candidateCount");
  if (responseLogprobs === true) return unmodelled("responseLogprobs");
  if (isJsonArray(responseModalities) && responseModalities.some((modality) => modality !== "TEXT")) {
    return unmodelled("responseModalities");
  }
  return unmodelledField(config, UNMODELLED_CONFIG_FIELDS);
}

function readFormat(config: JsonObject): ModelRequest["format"] | (ParsedRequest & { readonly kind: "bad" }) {
  const mimeType = config["responseMimeType"] ?? "text/plain";
  const schema = config["responseSchema"] ?? config["responseJsonSchema"] ?? config["_responseJsonSchema"];
  const hasSchema = schema !== undefined && schema !== null;
  switch (mimeType) {
    case "application/json":
    case "text/x.enum":
      return hasSchema ? { name: "response", schema } : "json";
    case "":
    case "text/plain":
    case "application/xml":
    case "application/yaml":
      if (!hasSchema) return "text";
      return bad("* GenerateContentRequest.generation_config.response_schema: needs a response_mime_type of JSON\n");
    default:
      return bad(
        "* GenerateContentRequest.generation_config.response_mime_type: allowed mimetypes are `text/plain`, " +
          "`application/json`, `application/xml`, `application/yaml` and `text/x.enum`.\n",
      );
  }
}

/** The client's own functions: what the provider runs itself, no script calls. */
function readTools(tools: JsonValue | undefined): readonly ToolDeclaration[] {
  const declared: ToolDeclaration[] = [];
  for (const tool of isJsonArray(tools) ? tools : []) {
    const functions = fieldsOf(tool)?.["functionDeclarations"];
    for (const each of isJsonArray(functions) ? functions : []) {
      const described = fieldsOf(each);
      if (typeof described?.["name"] !== "string") continue;
      const parameters = described["parametersJsonSchema"] ?? described["parameters"];
      declared.push({ name: described["name"], parameters: isJsonObject(parameters) ? parameters : {} });
    }
  }
  return declared;
}
