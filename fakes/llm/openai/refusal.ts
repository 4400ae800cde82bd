import { unreachable } from "../../../src/base/assert.ts";
import { Body } from "../../../src/base/body.ts";
import type { OutgoingResponse } from "../../../src/ports/http.ts";
import type { ErrorIdentity } from "../dialect.ts";
import type { ProviderError } from "../provider-error.ts";

/** A refusal in the words of OpenAI. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

/** What stands under `error` in a body. */
export type RefusalBody = Omit<Refusal, "status"> & { readonly [key: string]: string | null };

export function refusalResponse(error: ProviderError, identity: ErrorIdentity): OutgoingResponse {
  return {
    status: refusalOf(error).status,
    headers: { "content-type": "application/json", "x-request-id": `req_${identity.id}` },
    body: Body.ofJson({ error: refusalBody(error) }),
  };
}

export function refusalBody(error: ProviderError): RefusalBody {
  const { message, type, param, code } = refusalOf(error);
  return { message, type, param, code };
}

export function refusalOf(error: ProviderError): Refusal {
  switch (error.kind) {
    case "badRequest":
      return invalid(400, error.message, null, error.param ?? null);
    case "invalidKey":
      return invalid(401, "Incorrect API key provided.", "invalid_api_key");
    case "permissionDenied":
      return invalid(403, "You are not allowed to use this resource.", "permission_denied");
    case "modelNotFound":
      return invalid(
        404,
        `The model \`${error.model}\` does not exist or you do not have access to it.`,
        "model_not_found",
      );
    case "notFound":
      return invalid(404, `Invalid URL (${error.method} ${error.path})`, null);
    case "contextLengthExceeded":
      return invalid(
        400,
        `This model's maximum context length is ${error.tokensMax} tokens. ` +
          `However, you requested ${error.tokens} tokens. Please reduce the length of the messages or completion.`,
        "context_length_exceeded",
        "messages",
      );
    case "requestTooLarge":
      return invalid(413, `The request is larger than ${error.sizeBytesMax} bytes.`, "request_too_large");
    case "promptFiltered":
      return invalid(
        400,
        "Your request was rejected: its content is not allowed.",
        "content_policy_violation",
        "messages",
      );
    case "rateLimited":
      return refusal(429, "Rate limit reached for requests.", "requests", "rate_limit_exceeded");
    case "quotaExceeded":
      return refusal(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        "insufficient_quota",
      );
    case "serverError":
      return refusal(500, "The server had an error while processing your request.", "server_error");
    case "unavailable":
      return refusal(503, "The service is temporarily unavailable.", "server_error");
    case "overloaded":
      return refusal(503, "The engine is currently overloaded, please try again later.", "server_error");
    case "timeout":
      return refusal(504, "The request took too long.", "server_error");
    default:
      return unreachable(error);
  }
}

function invalid(status: number, message: string, code: string | null, param: string | null = null): Refusal {
  return { status, message, type: "invalid_request_error", param, code };
}

function refusal(status: number, message: string, type: string, code: string | null = null): Refusal {
  return { status, message, type, param: null, code };
}
