import { Body } from "../../../src/base/body.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { OutgoingResponse } from "../../../src/ports/http.ts";
import type { ModelCatalogue } from "../dialect.ts";
import { unescaped } from "../openai/path.ts";
import { refusalResponse } from "./refusal.ts";

/** A page of the list, or one of it. */
export function informOfModels(path: string, catalogue: ModelCatalogue): OutgoingResponse | undefined {
  const [bare, query = ""] = path.split("?", 2);
  const [, name] = MODELS_PATH.exec(bare!) ?? [];
  if (name === undefined) return undefined;
  if (name === "") return listModels(new URLSearchParams(query), catalogue);
  const model = unescaped(name.slice(1));
  return catalogue.has(model) ? json(modelInfo(model)) : refusalResponse({ kind: "modelNotFound", model });
}

const MODELS_PATH = /^\/(?:v1|v1alpha|v1beta)\/models(|\/.+)$/;
const PAGE_MODELS = 50;
const PAGE_MODELS_MAX = 1000;

/** The token of a page is the number of models before it. */
function listModels(query: URLSearchParams, { models }: ModelCatalogue): OutgoingResponse {
  const pageSize = Number(query.get("pageSize") ?? PAGE_MODELS);
  const start = Number(query.get("pageToken") ?? 0);
  if (!Number.isInteger(pageSize) || pageSize < 0 || !Number.isInteger(start) || start < 0) {
    return refusalResponse({ kind: "badRequest", message: "Request contains an invalid argument." });
  }
  // Zero is the same as none.
  const end = start + Math.min(pageSize === 0 ? PAGE_MODELS : pageSize, PAGE_MODELS_MAX);
  return json({
    models: models.slice(start, end).map(modelInfo),
    ...(end < models.length ? { nextPageToken: String(end) } : {}),
  });
}

function modelInfo(model: string): JsonObject {
  return {
    name: `models/${model}`,
    version: "001",
    displayName: model,
    description: "",
    inputTokenLimit: 128_000,
    outputTokenLimit: 128_000,
    supportedGenerationMethods: ["generateContent", "countTokens"],
    temperature: 1,
    topP: 0.95,
    topK: 64,
    maxTemperature: 2,
    thinking: true,
  };
}

function json(value: JsonObject): OutgoingResponse {
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: Body.ofJson(value),
  };
}
