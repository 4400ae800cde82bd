import { Body } from "../../../src/base/body.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { IncomingRequest, OutgoingResponse } from "../../../src/ports/http.ts";
import type { Completion } from "../completion.ts";
import { deltasOf } from "../deltas.ts";
import type { BegunStream, Dialect, ErrorIdentity, ModelCatalogue, StreamEvent } from "../dialect.ts";
import { bearer } from "../openai/bearer.ts";
import { chatDeltas } from "../openai/chat-chunks.ts";
import { chatMessage, chatUsage, createdSeconds, finishReason } from "../openai/chat-completion.ts";
import { parseChatRequest } from "../openai/chat-request.ts";
import { isAt } from "../openai/path.ts";
import { refusalOf } from "../openai/refusal.ts";
import { dataEvent } from "../openai/sse.ts";
import type { ProviderError } from "../provider-error.ts";
import { routedModel } from "./routed-model.ts";

/**
 * OpenRouter: `POST /api/v1/chat/completions`, `GET /api/v1/models`. Chat completions as OpenAI has them, and beside
 * them the provider that answered, what it cost, and what the model reasoned; comments keep a stream alive, and its
 * usage is always sent.
 *
 * Modelled: as in `openai/chat.ts`. Taken without effect: routing (`provider`, `models`, `route`), `transforms`,
 * `plugins`, `reasoning`. Not modelled, and unknown paths: keys, credits, generations, the other APIs it speaks.
 */
export const openRouter: Dialect = {
  name: "openrouter",
  owns: ({ path }) => path.startsWith("/api/v1/"),
  credential: bearer,
  parse: (request) =>
    request.method === "POST" && isAt(request, CHAT_PATH) ? parseChatRequest(request.body.json()) : undefined,
  inform: listModels,
  answer: (completion) => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: Body.ofJson(routedCompletion(completion)),
  }),
  streamHeaders: () => ({ "content-type": "text/event-stream" }),
  streamEvents: routedEvents,
  refuse,
  refuseInStream,
};

const CHAT_PATH = "/api/v1/chat/completions";
const MODELS_PATH = "/api/v1/models";
/** Who answered, in its words. */
const PROVIDER = "Stormlane";

function listModels(request: IncomingRequest, { models }: ModelCatalogue): OutgoingResponse | undefined {
  if (request.method !== "GET" || !isAt(request, MODELS_PATH)) return undefined;
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: Body.ofJson({ data: models.map(routedModel), links: { next: null }, total_count: models.length }),
  };
}

function routedCompletion(completion: Completion): JsonObject {
  return {
    ...identityOf(completion),
    object: "chat.completion",
    choices: [
      {
        logprobs: null,
        ...reasonsOf(completion),
        index: 0,
        message: { ...chatMessage(completion), ...reasoningOf(completion.reasoning, null) },
      },
    ],
    system_fingerprint: null,
    usage: routedUsage(completion),
  };
}

function routedEvents(completion: Completion): readonly StreamEvent[] {
  const chunk = (members: JsonObject): string =>
    dataEvent({ ...identityOf(completion), object: "chat.completion.chunk", ...members });
  const choice = (delta: JsonObject, reasons: JsonObject = NO_REASONS): JsonObject => ({
    choices: [{ index: 0, delta, ...reasons, logprobs: null }],
  });
  const events: StreamEvent[] = [{ text: ": OPENROUTER PROCESSING\n\n", kind: "frame", chars: 0 }];
  const say = (delta: JsonObject, chars: number): void => {
    events.push({ text: chunk(choice(delta)), kind: chars === 0 ? "frame" : "delta", chars });
  };
  for (const piece of deltasOf(completion.reasoning, completion.deltaChars)) {
    say({ role: "assistant", content: "", ...reasoningOf(piece, undefined) }, piece.length);
  }
  for (const { delta, chars } of chatDeltas(completion)) say(delta, chars);
  const end = choice({ role: "assistant", content: "" }, reasonsOf(completion));
  events.push({ text: chunk(end), kind: "terminal", chars: 0 });
  events.push({ text: chunk({ choices: [], usage: routedUsage(completion) }), kind: "frame", chars: 0 });
  events.push({ text: "data: [DONE]\n\n", kind: "frame", chars: 0 });
  return events;
}

function identityOf(completion: Completion): JsonObject {
  return {
    id: `gen-${createdSeconds(completion)}-${completion.id}`,
    provider: PROVIDER,
    model: completion.model,
    created: createdSeconds(completion),
  };
}

const NO_REASONS: JsonObject = { finish_reason: null, native_finish_reason: null };

/** Both as the model's own provider has them, and in the words of OpenAI: here they are the same. */
function reasonsOf({ finish }: Completion): JsonObject {
  const reason = finishReason(finish);
  return { finish_reason: reason, native_finish_reason: reason };
}

function reasoningOf(text: string, none: null | undefined): JsonObject {
  if (text === "") return { reasoning: none };
  return { reasoning: text, reasoning_details: [{ type: "reasoning.text", text, format: "unknown", index: 0 }] };
}

/** Prices are a millionth of a credit for each token. */
function routedUsage(completion: Completion): JsonObject {
  const { promptTokens, completionTokens } = completion.usage;
  return {
    ...chatUsage(completion),
    cost: (promptTokens + completionTokens) / 1_000_000,
    is_byok: false,
    cost_details: {
      upstream_inference_cost: null,
      upstream_inference_prompt_cost: promptTokens / 1_000_000,
      upstream_inference_completions_cost: completionTokens / 1_000_000,
    },
  };
}

/** What routing calls each refusal, stable over all APIs and providers. */
const ERROR_TYPES: Readonly<Record<ProviderError["kind"], string>> = {
  badRequest: "invalid_request",
  invalidKey: "authentication",
  permissionDenied: "permission_denied",
  modelNotFound: "not_found",
  notFound: "not_found",
  contextLengthExceeded: "context_length_exceeded",
  requestTooLarge: "payload_too_large",
  promptFiltered: "content_policy_violation",
  rateLimited: "rate_limit_exceeded",
  quotaExceeded: "payment_required",
  serverError: "server",
  unavailable: "provider_unavailable",
  timeout: "timeout",
  overloaded: "provider_overloaded",
};

/** Where its statuses are not those of OpenAI. */
function statusOf(error: ProviderError): number {
  switch (error.kind) {
    case "modelNotFound":
      return 400;
    case "promptFiltered":
      return 403;
    case "quotaExceeded":
      return 402;
    case "overloaded":
      return 529;
    default:
      return refusalOf(error).status;
  }
}

function errorBody(error: ProviderError): JsonObject {
  const { message } = refusalOf(error);
  const fromProvider = error.kind === "rateLimited" || error.kind === "serverError" || error.kind === "overloaded";
  return {
    code: statusOf(error),
    message: fromProvider ? "Provider returned error" : message,
    metadata: {
      error_type: ERROR_TYPES[error.kind],
      ...(fromProvider ? { provider_name: PROVIDER, raw: message } : undefined),
    },
  };
}

function refuse(error: ProviderError): OutgoingResponse {
  return {
    status: statusOf(error),
    headers: { "content-type": "application/json" },
    body: Body.ofJson({ error: errorBody(error) }),
  };
}

/** The stream ends as the answer would, with a finish reason of its own. */
function refuseInStream(error: ProviderError, _identity: ErrorIdentity, { completion }: BegunStream): string {
  return dataEvent({
    ...identityOf(completion),
    object: "chat.completion.chunk",
    error: errorBody(error),
    choices: [
      { index: 0, delta: { role: "assistant", content: "" }, finish_reason: "error", native_finish_reason: "error" },
    ],
  });
}
