import type { RateLimitState } from "./dialect.ts";

/** So many requests in any minute. */
export class RateLimit {
  private readonly requestsMax: number;
  /** When the requests of the last minute arrived, oldest first. */
  private recentMs: number[] = [];

  constructor(requestsMax: number) {
    this.requestsMax = requestsMax;
  }

  /** @returns how long until there is room again when this request is one too many, else undefined */
  admit(nowMs: number): number | undefined {
    this.forget(nowMs);
    const oldestMs = this.recentMs[0];
    if (oldestMs !== undefined && this.recentMs.length >= this.requestsMax) return oldestMs + MINUTE_MS - nowMs;
    this.recentMs.push(nowMs);
    return undefined;
  }

  state(nowMs: number): RateLimitState {
    this.forget(nowMs);
    const newestMs = this.recentMs.at(-1);
    return {
      requestsMax: this.requestsMax,
      requestsRemaining: this.requestsMax - this.recentMs.length,
      resetMs: newestMs === undefined ? 0 : newestMs + MINUTE_MS - nowMs,
      nowMs,
    };
  }

  private forget(nowMs: number): void {
    this.recentMs = this.recentMs.filter((atMs) => atMs > nowMs - MINUTE_MS);
  }
}

const MINUTE_MS = 60_000;
