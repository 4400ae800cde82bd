import { Body } from "../../src/base/body.ts";
import type { HttpHeaders, OutgoingResponse } from "../../src/ports/http.ts";

/** A refusal by the provider, before any token or in the middle of a stream. Each API has a status and words for it. */
export type ProviderError =
  | { readonly kind: "badRequest"; readonly message: string; readonly param?: string }
  | { readonly kind: "invalidKey" }
  | { readonly kind: "permissionDenied" }
  | { readonly kind: "modelNotFound"; readonly model: string }
  | { readonly kind: "notFound"; readonly method: string; readonly path: string }
  | { readonly kind: "contextLengthExceeded"; readonly tokens: number; readonly tokensMax: number }
  | { readonly kind: "requestTooLarge"; readonly sizeBytesMax: number }
  /** The prompt itself is not allowed. */
  | { readonly kind: "promptFiltered" }
  | ({ readonly kind: "rateLimited" } & RetryHints)
  | ({ readonly kind: "quotaExceeded" } & RetryHints)
  /** 500 */
  | ({ readonly kind: "serverError" } & RetryHints)
  /** 503 */
  | ({ readonly kind: "unavailable" } & RetryHints)
  /** 504 */
  | ({ readonly kind: "timeout" } & RetryHints)
  /** 529 where the API has it, else 503. */
  | ({ readonly kind: "overloaded" } & RetryHints);

/** When to come back, as headers say it. They may lie, and contradict each other. */
export interface RetryHints {
  readonly retryAfterSeconds?: number;
  readonly retryAfterMs?: number;
  /** Clients of some providers obey it before anything else. */
  readonly shouldRetry?: boolean;
}

export function retryHeaders(error: ProviderError): HttpHeaders {
  const { retryAfterSeconds, retryAfterMs, shouldRetry } = error as ProviderError & RetryHints;
  return {
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    ...(retryAfterMs === undefined ? {} : { "retry-after-ms": String(retryAfterMs) }),
    ...(shouldRetry === undefined ? {} : { "x-should-retry": String(shouldRetry) }),
  };
}

export function errorResponse(error: ProviderError): OutgoingResponse {
  const { status, message, type, param, code } = describe(error);
  return {
    status,
    headers: { "content-type": "application/json", ...retryHeaders(error) },
    body: Body.ofJson({ error: { message, type, param, code } }),
  };
}

interface Description {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

function describe(error: ProviderError): Description {
  switch (error.kind) {
    case "badRequest":
      return {
        status: 400,
        message: error.message,
        type: "invalid_request_error",
        param: error.param ?? null,
        code: null,
      };
    case "invalidKey":
      return {
        status: 401,
        message: "Incorrect API key provided.",
        type: "invalid_request_error",
        param: null,
        code: "invalid_api_key",
      };
    case "modelNotFound":
      return {
        status: 404,
        message: `The model \`${error.model}\` does not exist or you do not have access to it.`,
        type: "invalid_request_error",
        param: null,
        code: "model_not_found",
      };
    case "notFound":
      return {
        status: 404,
        message: `Invalid URL (${error.method} ${error.path})`,
        type: "invalid_request_error",
        param: null,
        code: null,
      };
    case "contextLengthExceeded":
      return {
        status: 400,
        message:
          `This model's maximum context length is ${error.tokensMax} tokens. ` +
          `However, you requested ${error.tokens} tokens. Please reduce the length of the messages or completion.`,
        type: "invalid_request_error",
        param: "messages",
        code: "context_length_exceeded",
      };
    case "rateLimited":
      return {
        status: 429,
        message: "Rate limit reached for requests.",
        type: "requests",
        param: null,
        code: "rate_limit_exceeded",
      };
    case "quotaExceeded":
      return {
        status: 429,
        message: "You exceeded your current quota, please check your plan and billing details.",
        type: "insufficient_quota",
        param: null,
        code: "insufficient_quota",
      };
    case "serverError":
      return {
        status: 500,
        message: "The server had an error while processing your request.",
        type: "server_error",
        param: null,
        code: null,
      };
    case "permissionDenied":
      return {
        status: 403,
        message: "You are not allowed to use this resource.",
        type: "invalid_request_error",
        param: null,
        code: "permission_denied",
      };
    case "requestTooLarge":
      return {
        status: 413,
        message: `The request is larger than ${error.sizeBytesMax} bytes.`,
        type: "invalid_request_error",
        param: null,
        code: "request_too_large",
      };
    case "promptFiltered":
      return {
        status: 400,
        message: "Your request was rejected: its content is not allowed.",
        type: "invalid_request_error",
        param: "messages",
        code: "content_policy_violation",
      };
    case "timeout":
      return {
        status: 504,
        message: "The request took too long.",
        type: "server_error",
        param: null,
        code: null,
      };
    case "unavailable":
    case "overloaded":
      return {
        status: 503,
        message: "The engine is currently overloaded, please try again later.",
        type: "server_error",
        param: null,
        code: null,
      };
  }
}
