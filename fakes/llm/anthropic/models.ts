import { Body } from "../../../src/base/body.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { OutgoingResponse } from "../../../src/ports/http.ts";
import type { ModelCatalogue } from "../dialect.ts";
import { unescaped } from "../openai/path.ts";
import { refusalResponse } from "./refusal.ts";

/** A page of the list, or one of it. */
export function informOfModels(path: string, catalogue: ModelCatalogue): OutgoingResponse | undefined {
  const { pathname, searchParams } = new URL(path, "http://models");
  if (pathname === MODELS_PATH) return listModels(searchParams, catalogue);
  if (!pathname.startsWith(`${MODELS_PATH}/`)) return undefined;
  const model = unescaped(pathname.slice(MODELS_PATH.length + 1));
  return catalogue.has(model) ? json(modelInfo(model)) : refusalResponse({ kind: "modelNotFound", model }, MODELS);
}

const MODELS_PATH = "/v1/models";
const MODELS = { id: "models" };
const PAGE_MODELS = 20;
const PAGE_MODELS_MAX = 1000;

/** `after_id` and `before_id` are the last model of the page before, and the first one of the page behind. */
function listModels(query: URLSearchParams, { models }: ModelCatalogue): OutgoingResponse {
  const limit = Number(query.get("limit") ?? PAGE_MODELS);
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MODELS_MAX) {
    const message = `limit: Input should be a whole number from 1 to ${PAGE_MODELS_MAX}`;
    return refusalResponse({ kind: "badRequest", message }, MODELS);
  }
  const beforeId = query.get("before_id");
  const afterId = query.get("after_id");
  const end = beforeId === null ? models.length : Math.max(0, models.indexOf(beforeId));
  const start = beforeId === null ? 1 + (afterId === null ? -1 : models.indexOf(afterId)) : Math.max(0, end - limit);
  const page = models.slice(start, Math.min(end, start + limit));
  return json({
    data: page.map(modelInfo),
    has_more: beforeId === null ? start + limit < models.length : start > 0,
    first_id: page[0] ?? null,
    last_id: page.at(-1) ?? null,
  });
}

function modelInfo(id: string): JsonObject {
  return {
    type: "model",
    id,
    display_name: id,
    created_at: "1970-01-01T00:00:00Z",
    lifecycle: "active",
    deprecated_at: null,
    retires_at: null,
    line: null,
    max_input_tokens: null,
    max_tokens: null,
    capabilities: null,
  };
}

function json(value: JsonObject): OutgoingResponse {
  return {
    status: 200,
    headers: { "content-type": "application/json", "request-id": `req_${MODELS.id}` },
    body: Body.ofJson(value),
  };
}
