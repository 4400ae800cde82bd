import { Body } from "../../../src/base/body.ts";
import { sha256 } from "../../../src/base/digest.ts";
import { isJsonObject } from "../../../src/base/json.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { OutgoingResponse } from "../../../src/ports/http.ts";
import type { ModelCatalogue } from "../dialect.ts";
import { refusalResponse } from "./refusal.ts";

/** Lists and descriptions of models, the version, and the words by which a client knows that the server is there. */
export function informOfModels(
  method: string,
  path: string,
  body: Body,
  catalogue: ModelCatalogue,
): OutgoingResponse | undefined {
  const isRead = method === "GET" || method === "HEAD";
  switch (path) {
    case "/":
      return { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: Body.ofText(RUNNING) };
    case "/api/version":
      return isRead ? json({ version: VERSION }) : methodNotAllowed();
    case "/api/tags":
      return isRead ? json({ models: catalogue.models.map(listedModel) }) : methodNotAllowed();
    case "/api/ps":
      return isRead ? json({ models: catalogue.models.map(loadedModel) }) : methodNotAllowed();
    case "/api/show":
      return method === "POST" ? showModel(body.json(), catalogue) : methodNotAllowed();
    case "/api/chat":
    case "/api/generate":
      return methodNotAllowed();
    default:
      return undefined;
  }
}

const RUNNING = "Ollama is running";
const VERSION = "0.13.5";
const CONTEXT_TOKENS = 128_000;
const EPOCH = "1970-01-01T00:00:00Z";
/** For ever. */
const NEVER = "2318-01-01T00:00:00Z";

const details: JsonObject = {
  parent_model: "",
  format: "gguf",
  family: "stormlane",
  families: ["stormlane"],
  parameter_size: "1B",
  quantization_level: "F16",
};

function listedModel(name: string): JsonObject {
  return { name, model: name, modified_at: EPOCH, size: 1, digest: sha256(name), details };
}

function loadedModel(name: string): JsonObject {
  const { modified_at: _, ...listed } = listedModel(name);
  return { ...listed, expires_at: NEVER, size_vram: 1, context_length: CONTEXT_TOKENS };
}

function showModel(body: JsonValue | undefined, catalogue: ModelCatalogue): OutgoingResponse {
  // The name had another member once, which still counts.
  const model = isJsonObject(body) ? (body["model"] ?? body["name"]) : undefined;
  if (typeof model !== "string" || model === "") {
    return refusalResponse({ kind: "badRequest", message: "model is required" });
  }
  if (!catalogue.has(model)) return refusalResponse({ kind: "modelNotFound", model });
  return json({
    license: "",
    modelfile: `FROM ${model}\n`,
    parameters: "",
    template: "{{ .Prompt }}",
    details,
    model_info: { "general.architecture": "stormlane", "stormlane.context_length": CONTEXT_TOKENS },
    capabilities: ["completion", "tools", "thinking", "vision"],
    modified_at: EPOCH,
  });
}

function methodNotAllowed(): OutgoingResponse {
  return { status: 405, headers: { "content-type": "text/plain" }, body: Body.ofText("405 method not allowed") };
}

function json(value: JsonObject): OutgoingResponse {
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: Body.ofJson(value),
  };
}
