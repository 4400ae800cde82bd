import { unreachable } from "../../../src/base/assert.ts";
import { Body } from "../../../src/base/body.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import type { OutgoingResponse } from "../../../src/ports/http.ts";
import type { ModelRequest } from "../completion.ts";
import type { ErrorIdentity } from "../dialect.ts";
import { tokensOf } from "../model-script.ts";
import type { ProviderError } from "../provider-error.ts";

export function refusalResponse(
  error: ProviderError,
  identity: ErrorIdentity,
  request?: ModelRequest,
): OutgoingResponse {
  return {
    status: refusalOf(error, request).status,
    headers: { "content-type": "application/json", "request-id": `req_${identity.id}` },
    body: Body.ofJson(refusalBody(error, identity, request)),
  };
}

export function refusalBody(error: ProviderError, identity: ErrorIdentity, request?: ModelRequest): JsonObject {
  const { type, message } = refusalOf(error, request);
  return { type: "error", error: { type, message }, request_id: `req_${identity.id}` };
}

/** In the words of Anthropic. */
interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

function refusalOf(error: ProviderError, request: ModelRequest | undefined): Refusal {
  switch (error.kind) {
    case "badRequest":
      return invalid(error.message);
    case "invalidKey":
      return { status: 401, type: "authentication_error", message: "invalid x-api-key" };
    case "permissionDenied":
      return {
        status: 403,
        type: "permission_error",
        message: "Your API key does not have permission to use the specified resource.",
      };
    case "modelNotFound":
      return { status: 404, type: "not_found_error", message: `model: ${error.model}` };
    case "notFound":
      return { status: 404, type: "not_found_error", message: "Not Found" };
    case "contextLengthExceeded":
      return invalid(tooLong(error.tokens, error.tokensMax, request));
    case "requestTooLarge":
      return { status: 413, type: "request_too_large", message: "Request exceeds the maximum size" };
    case "promptFiltered":
      return invalid("Output blocked by content filtering policy");
    case "rateLimited":
      return {
        status: 429,
        type: "rate_limit_error",
        message: "This request would exceed your organization's rate limit. Please try again later.",
      };
    case "quotaExceeded":
      return {
        status: 402,
        type: "billing_error",
        message: "Your credit balance is too low to access the Anthropic API.",
      };
    case "serverError":
      return { status: 500, type: "api_error", message: "Internal server error" };
    case "unavailable":
      return { status: 503, type: "api_error", message: "Service unavailable" };
    case "timeout":
      return { status: 504, type: "timeout_error", message: "Request timed out" };
    case "overloaded":
      return { status: 529, type: "overloaded_error", message: "Overloaded" };
    default:
      return unreachable(error);
  }
}

function invalid(message: string): Refusal {
  return { status: 400, type: "invalid_request_error", message };
}

/** Clients read the numbers out of these texts. The second one is for a prompt that would fit if it asked for less. */
function tooLong(tokens: number, tokensMax: number, request: ModelRequest | undefined): string {
  const promptTokens = request === undefined ? tokens : tokensOf(request.prompt.length);
  const answerTokens = request?.maxTokens ?? 0;
  if (promptTokens > tokensMax || promptTokens + answerTokens !== tokens) {
    return `prompt is too long: ${tokens} tokens > ${tokensMax} maximum`;
  }
  return (
    `input length and \`max_tokens\` exceed context limit: ${promptTokens} + ${answerTokens} > ${tokensMax}, ` +
    "decrease input length or `max_tokens` and try again"
  );
}
