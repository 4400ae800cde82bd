import type { HttpHeaders } from "../../../src/ports/http.ts";
import type { RateLimitState } from "../dialect.ts";

/** Of requests; tokens are not limited. Durations are written as `6m0s`, `12s` or `350ms`. */
export function rateLimitHeaders({ requestsMax, requestsRemaining, resetMs }: RateLimitState): HttpHeaders {
  return {
    "x-ratelimit-limit-requests": String(requestsMax),
    "x-ratelimit-remaining-requests": String(requestsRemaining),
    "x-ratelimit-reset-requests": durationText(resetMs),
  };
}

function durationText(durationMs: number): string {
  if (durationMs < 1000) return `${durationMs}ms`;
  const minutes = Math.floor(durationMs / 60_000);
  const seconds = (durationMs % 60_000) / 1000;
  return minutes === 0 ? `${seconds}s` : `${minutes}m${seconds}s`;
}
