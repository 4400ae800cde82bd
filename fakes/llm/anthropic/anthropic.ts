import { assert } from "../../../src/base/assert.ts";
import { Body } from "../../../src/base/body.ts";
import type { IncomingRequest, OutgoingResponse } from "../../../src/ports/http.ts";
import { promptTokensOf } from "../complete-answer.ts";
import type { Dialect, ModelCatalogue, ParsedRequest } from "../dialect.ts";
import { bearer } from "../openai/bearer.ts";
import { unmodelled } from "../openai/parsed.ts";
import { isAt } from "../openai/path.ts";
import { typedEvent } from "../openai/sse.ts";
import { messageEvents } from "./message-events.ts";
import { messageObject } from "./message-object.ts";
import { parseMessageRequest } from "./message-request.ts";
import { informOfModels } from "./models.ts";
import { rateLimitHeaders } from "./rate-limit-headers.ts";
import { refusalBody, refusalResponse } from "./refusal.ts";

/**
 * The messages API of Anthropic, any version: `POST /v1/messages`, `POST /v1/messages/count_tokens`,
 * `GET /v1/models`, `GET /v1/models/{id}`.
 *
 * Modelled: system prompts and messages as text or blocks, images and documents by their number, tools and their
 * results, that every call is answered, thinking with its signature, `output_config.format`, `max_tokens`, refusals,
 * caches as the script counts them. Taken without effect: sampling, `stop_sequences`, `tool_choice`, tiers, caching,
 * `metadata`, `context_management`, `fallbacks`, the effort, and tools that run on the server: the script says what
 * the model does. Not modelled, and refused as such: batches, threads, compaction, containers, MCP servers, blocks
 * that tools of the server leave, and filling a cache with `max_tokens` 0.
 */
export const anthropic: Dialect = {
  name: "anthropic",
  owns: ({ path, headers }) =>
    path.startsWith(MESSAGES_PATH) ||
    (path.startsWith("/v1/") && (headers["anthropic-version"] !== undefined || headers["x-api-key"] !== undefined)),
  credential: (request) => request.headers["x-api-key"] ?? bearer(request),
  parse,
  inform,
  answer: (completion, request) => ({
    status: 200,
    headers: { "content-type": "application/json", "request-id": `req_${completion.id}` },
    body: Body.ofJson(messageObject(completion, request)),
  }),
  streamHeaders: ({ id }) => ({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "request-id": `req_${id}`,
  }),
  streamEvents: messageEvents,
  refuse: refusalResponse,
  refuseInStream: (error, identity) => typedEvent({ ...refusalBody(error, identity), type: "error" }),
  rateLimitHeaders,
};

const MESSAGES_PATH = "/v1/messages";
const COUNT_PATH = "/v1/messages/count_tokens";

function parse(request: IncomingRequest): ParsedRequest | undefined {
  const { path, method } = request;
  if (path.startsWith(`${MESSAGES_PATH}/batches`)) return unmodelled("batches of messages");
  if (method !== "POST") return undefined;
  if (isAt(request, MESSAGES_PATH)) return parseMessageRequest(request.body.json(), "answer");
  if (!isAt(request, COUNT_PATH)) return undefined;
  const counted = parseMessageRequest(request.body.json(), "count");
  return counted.kind === "ok" ? undefined : counted;
}

function inform(request: IncomingRequest, catalogue: ModelCatalogue): OutgoingResponse | undefined {
  if (request.method === "GET") return informOfModels(request.path, catalogue);
  if (request.method !== "POST" || !isAt(request, COUNT_PATH)) return undefined;
  const counted = parseMessageRequest(request.body.json(), "count");
  assert(counted.kind === "ok", "anthropic: what cannot be counted was refused before");
  const { model } = counted.request;
  if (!catalogue.has(model)) return refusalResponse({ kind: "modelNotFound", model }, { id: "count" });
  return {
    status: 200,
    headers: { "content-type": "application/json", "request-id": "req_count" },
    body: Body.ofJson({ input_tokens: promptTokensOf(counted.request) }),
  };
}
