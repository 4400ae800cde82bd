import { Body } from "../../src/base/body.ts";
import type { OutgoingResponse } from "../../src/ports/http.ts";

/** A refusal by the provider, before any token. Statuses, types and codes are those of OpenAI. */
export type ProviderError =
  | { readonly kind: "badRequest"; readonly message: string; readonly param?: string }
  | { readonly kind: "invalidKey" }
  | { readonly kind: "modelNotFound"; readonly model: string }
  | { readonly kind: "notFound"; readonly method: string; readonly path: string }
  | { readonly kind: "contextLengthExceeded"; readonly tokens: number; readonly tokensMax: number }
  /** Without `retryAfterSeconds` the answer does not say when to come back. */
  | { readonly kind: "rateLimited"; readonly retryAfterSeconds?: number }
  | { readonly kind: "quotaExceeded" }
  | { readonly kind: "serverError" }
  | { readonly kind: "overloaded"; readonly retryAfterSeconds?: number };

export function errorResponse(error: ProviderError): OutgoingResponse {
  const { status, message, type, param, code } = describe(error);
  const retryAfterSeconds = "retryAfterSeconds" in error ? error.retryAfterSeconds : undefined;
  return {
    status,
    headers: {
      "content-type": "application/json",
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
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
