import type { HttpHeaders } from "../../../src/ports/http.ts";
import type { RateLimitState } from "../dialect.ts";

/** Of requests; tokens are not limited. The reset is a time in whole seconds, as `2026-11-21T05:00:00Z`. */
export function rateLimitHeaders({ requestsMax, requestsRemaining, resetMs, nowMs }: RateLimitState): HttpHeaders {
  const resetAtMs = Math.ceil((nowMs + resetMs) / 1000) * 1000;
  return {
    "anthropic-ratelimit-requests-limit": String(requestsMax),
    "anthropic-ratelimit-requests-remaining": String(requestsRemaining),
    "anthropic-ratelimit-requests-reset": new Date(resetAtMs).toISOString().replace(".000Z", "Z"),
  };
}
