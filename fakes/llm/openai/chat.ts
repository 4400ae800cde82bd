import { Body } from "../../../src/base/body.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { Completion, ModelRequest } from "../completion.ts";
import type { Dialect, StreamEvent } from "../dialect.ts";
import { bearer } from "./bearer.ts";
import { chunkChoice, chatDeltas } from "./chat-chunks.ts";
import { chatCompletion, chatUsage, createdSeconds } from "./chat-completion.ts";
import { parseChatRequest } from "./chat-request.ts";
import { asksForModels, informOfModels } from "./models.ts";
import { rateLimitHeaders } from "./rate-limit-headers.ts";
import { refusalBody, refusalResponse } from "./refusal.ts";
import { isAt } from "./path.ts";
import { dataEvent } from "./sse.ts";

/**
 * The chat completions API of OpenAI: `POST /v1/chat/completions`, `GET /v1/models`, `GET /v1/models/{id}`.
 *
 * Modelled: messages with parts, tools and their results, `response_format`, `max_tokens`, `max_completion_tokens`,
 * streams with and without usage, refusals, and that tool calls must be answered. Taken without effect: sampling, `stop`,
 * `seed`, `store`, `metadata`, `user`, tiers, caches, `reasoning_effort`, `tool_choice`, `parallel_tool_calls`: the
 * script says what the model does. Not modelled, and refused as such: several choices, log probabilities, audio out,
 * the old functions, custom tools, predictions, web search. Stored completions are not kept: their paths are unknown.
 */
export const openAiChat: Dialect = {
  name: "openai-chat",
  owns: (request) => isAt(request, CHAT_PATH) || asksForModels(request),
  credential: bearer,
  parse: (request) =>
    request.method === "POST" && isAt(request, CHAT_PATH) ? parseChatRequest(request.body.json()) : undefined,
  inform: (request, catalogue) => (asksForModels(request) ? informOfModels(request.path, catalogue) : undefined),
  answer: (completion) => ({
    status: 200,
    headers: { "content-type": "application/json", "x-request-id": `req_${completion.id}` },
    body: Body.ofJson(chatCompletion(completion)),
  }),
  streamHeaders: ({ id }) => ({ "content-type": "text/event-stream; charset=utf-8", "x-request-id": `req_${id}` }),
  streamEvents: chatEvents,
  refuse: refusalResponse,
  refuseInStream: (error) => dataEvent({ error: refusalBody(error) }),
  rateLimitHeaders,
};

const CHAT_PATH = "/v1/chat/completions";

/** A usage chunk comes only if it was asked for, and then every other chunk has an empty `usage`. */
function chatEvents(completion: Completion, { streamUsage }: ModelRequest): readonly StreamEvent[] {
  const chunk = (members: JsonObject): string =>
    dataEvent({
      id: `chatcmpl-${completion.id}`,
      object: "chat.completion.chunk",
      created: createdSeconds(completion),
      model: completion.model,
      service_tier: "default",
      system_fingerprint: null,
      ...(streamUsage ? { usage: null } : undefined),
      ...members,
    });
  const events: StreamEvent[] = [];
  for (const { delta, chars } of chatDeltas(completion)) {
    events.push({ text: chunk({ choices: chunkChoice(delta) }), kind: chars === 0 ? "frame" : "delta", chars });
  }
  events.push({ text: chunk({ choices: chunkChoice({}, completion) }), kind: "terminal", chars: 0 });
  if (streamUsage) {
    events.push({ text: chunk({ choices: [], usage: chatUsage(completion) }), kind: "frame", chars: 0 });
  }
  events.push({ text: "data: [DONE]\n\n", kind: "frame", chars: 0 });
  return events;
}
