import type { HttpHeaders } from "../../src/ports/http.ts";

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
