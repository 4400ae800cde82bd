import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../base/json.ts";
import type { TokensField } from "../config.ts";
import type { Dialect } from "./http-provider.ts";
import { answered, type ModelFinish, type ModelParameters, type ModelQuestion } from "./model-port.ts";
import { cachedTokens, usageOf } from "./usage.ts";

/** OpenAI's chat completions, and whoever speaks like them. */
export function openai(tokensField: TokensField = "max_tokens"): Dialect {
  return {
    path: "/v1/chat/completions",
    headers: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
    body: (question, parameters) => ({
      model: parameters.model,
      messages: messagesOf(question),
      [tokensField]: parameters.tokensMax,
      ...temperatureOf(parameters),
      ...(question.json ? { response_format: { type: "json_object" } } : {}),
    }),
    read(reply, requestId) {
      const choices = reply["choices"];
      const choice: JsonValue | undefined = isJsonArray(choices) ? choices[0] : undefined;
      const message = isJsonObject(choice) ? choice["message"] : undefined;
      if (!isJsonObject(choice) || !isJsonObject(message)) return undefined;
      const refusal = textOf(message["refusal"]);
      const reason = choice["finish_reason"];
      const finish: ModelFinish =
        reason === "length" ? "length" : reason === "content_filter" || refusal !== "" ? "filtered" : "stop";
      return answered({
        content: textOf(message["content"]),
        finish,
        refusal: refusal === "" ? undefined : refusal,
        usage: usageOf(reply["usage"], { input: ["prompt_tokens"], output: ["completion_tokens"], costUsd: "cost" }),
        requestId,
      });
    },
  };
}

/** Anthropic's messages. There is no JSON mode: the prompt asks for it. */
export const anthropic: Dialect = {
  path: "/v1/messages",
  headers: (apiKey) => ({ "x-api-key": apiKey, "anthropic-version": "2023-06-01" }),
  body: (question, parameters) => ({
    model: parameters.model,
    messages: messagesOf(question),
    max_tokens: parameters.tokensMax,
    ...temperatureOf(parameters),
  }),
  read(reply, requestId) {
    const blocks = reply["content"];
    if (!isJsonArray(blocks)) return undefined;
    const content = blocks
      .map((block) => (isJsonObject(block) && block["type"] === "text" ? textOf(block["text"]) : ""))
      .join("");
    const reason = reply["stop_reason"];
    const isCut = reason === "max_tokens" || reason === "model_context_window_exceeded";
    const isRefusal = reason === "refusal";
    return answered({
      content: isRefusal ? "" : content,
      finish: isRefusal ? "filtered" : isCut ? "length" : "stop",
      refusal: isRefusal ? content : undefined,
      usage: usageOf(reply["usage"], { input: ["input_tokens", ...cachedTokens], output: ["output_tokens"] }),
      requestId,
    });
  },
};

/** Ollama's chat. */
export const ollama: Dialect = {
  path: "/api/chat",
  headers: (apiKey): Readonly<Record<string, string>> => (apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
  body: (question, parameters) => ({
    model: parameters.model,
    messages: messagesOf(question),
    stream: false,
    options: { num_predict: parameters.tokensMax, ...temperatureOf(parameters) },
    ...(question.json ? { format: "json" } : {}),
  }),
  read(reply, requestId) {
    const message = reply["message"];
    // Without `done` it is a part of something that was cut off.
    if (!isJsonObject(message) || reply["done"] !== true) return undefined;
    return answered({
      content: textOf(message["content"]),
      finish: reply["done_reason"] === "length" ? "length" : "stop",
      usage: usageOf(reply, { input: ["prompt_eval_count"], output: ["eval_count"] }),
      requestId,
    });
  },
};

function messagesOf({ prompt }: ModelQuestion): JsonObject[] {
  return [{ role: "user", content: prompt }];
}

function temperatureOf({ temperature }: ModelParameters): JsonObject {
  return temperature === undefined ? {} : { temperature };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
