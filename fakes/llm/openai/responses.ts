import { Body } from "../../../src/base/body.ts";
import type { IncomingRequest, OutgoingResponse } from "../../../src/ports/http.ts";
import type { BegunStream, Dialect, ParsedRequest } from "../dialect.ts";
import type { ProviderError } from "../provider-error.ts";
import { bearer } from "./bearer.ts";
import { isAt } from "./path.ts";
import { unmodelled } from "./parsed.ts";
import { rateLimitHeaders } from "./rate-limit-headers.ts";
import { refusalOf, refusalResponse } from "./refusal.ts";
import { responseEvents } from "./response-events.ts";
import { responseObject } from "./response-object.ts";
import { parseResponsesRequest } from "./responses-request.ts";
import { typedEvent } from "./sse.ts";

/**
 * The responses API of OpenAI: `POST /v1/responses`. A web socket at that path is refused with 426.
 *
 * Modelled: input as text or items, instructions, functions and their results, `text.format`, `max_output_tokens`,
 * summaries of reasoning, refusals, responses that are incomplete or fail. Tools of the provider's own may be declared;
 * a script calls them as functions. `previous_response_id` is taken, and what went before does not stand in the prompt:
 * scripts that need it have no answer, which is loud. Taken without effect: as in chat completions. Not modelled, and
 * refused as such: background responses, conversations, stored prompts, stored responses, items of other kinds.
 */
export const openAiResponses: Dialect = {
  name: "openai-responses",
  owns: ({ path }) => path === PATH || path.startsWith(`${PATH}/`) || path.startsWith(`${PATH}?`),
  credential: bearer,
  parse: parseRequest,
  inform,
  answer: (completion, request) => ({
    status: 200,
    headers: { "content-type": "application/json", "x-request-id": `req_${completion.id}` },
    body: Body.ofJson(responseObject(completion, request, "over")),
  }),
  streamHeaders: ({ id }) => ({ "content-type": "text/event-stream; charset=utf-8", "x-request-id": `req_${id}` }),
  streamEvents: responseEvents,
  refuse: refusalResponse,
  refuseInStream: (error, _identity, begun) => failure(error, begun),
  rateLimitHeaders,
};

const PATH = "/v1/responses";

function parseRequest(request: IncomingRequest): ParsedRequest | undefined {
  if (isAt(request, PATH)) {
    return request.method === "POST" ? parseResponsesRequest(request.body.json()) : undefined;
  }
  return unmodelled("stored responses");
}

/** Only requests at the path itself come here. */
function inform({ method, headers }: IncomingRequest): OutgoingResponse {
  const upgrades = headers["upgrade"]?.toLowerCase() === "websocket";
  const message = upgrades ? "Upgrade Required" : `Not allowed to ${method} on ${PATH}.`;
  return {
    status: upgrades ? 426 : 405,
    headers: { "content-type": "application/json", ...(upgrades ? { upgrade: "websocket" } : { allow: "POST" }) },
    body: Body.ofJson({ error: { message, type: "invalid_request_error", param: null, code: null } }),
  };
}

/** A failure of the provider is the response's own; anything else is an event beside it. */
function failure(error: ProviderError, { completion, request, eventsBefore }: BegunStream): string {
  const { type, code, message, param } = refusalOf(error);
  if (type === "server_error") {
    const response = responseObject(completion, request, "begun", { code: "server_error", message });
    return typedEvent({ type: "response.failed", sequence_number: eventsBefore, response });
  }
  return typedEvent({ type: "error", sequence_number: eventsBefore, code, message, param });
}
