import { Body } from "../../../src/base/body.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { IncomingRequest, OutgoingResponse } from "../../../src/ports/http.ts";
import type { ModelCatalogue } from "../dialect.ts";
import { unescaped } from "./path.ts";
import { refusalResponse } from "./refusal.ts";

/** Of OpenAI unless it bears the headers of Anthropic or Google, which have lists at the same path. */
export function asksForModels({ method, path, headers }: IncomingRequest): boolean {
  if (method !== "GET" || !path.startsWith(MODELS_PATH)) return false;
  return (
    headers["anthropic-version"] === undefined &&
    headers["x-api-key"] === undefined &&
    headers["x-goog-api-key"] === undefined &&
    !KEY_IN_QUERY.test(path)
  );
}

/** The list, or one of it. */
export function informOfModels(path: string, catalogue: ModelCatalogue): OutgoingResponse | undefined {
  const [bare] = path.split("?", 1);
  if (bare === MODELS_PATH) return json({ object: "list", data: catalogue.models.map(modelObject) });
  if (bare?.startsWith(`${MODELS_PATH}/`) !== true) return undefined;
  const model = unescaped(bare.slice(MODELS_PATH.length + 1));
  return catalogue.has(model)
    ? json(modelObject(model))
    : refusalResponse({ kind: "modelNotFound", model }, { id: "models" });
}

const MODELS_PATH = "/v1/models";
/** As with Google. */
const KEY_IN_QUERY = /[?&]key=/;

function modelObject(id: string): JsonObject {
  return { id, object: "model", created: 0, owned_by: "stormlane" };
}

function json(value: JsonObject): OutgoingResponse {
  return { status: 200, headers: { "content-type": "application/json" }, body: Body.ofJson(value) };
}
