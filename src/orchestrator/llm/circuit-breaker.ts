/** When a provider is left alone, and for how long. */
export interface BreakerLimits {
  /** Failures in a row that may pass, of requests. */
  readonly failuresMax: number;
  readonly openMs: number;
}

/**
 * Spares a provider that does not answer, and those who would wait for it: after some failures in a row no request goes
 * out for a while; then one goes as a trial, and decides.
 */
export class CircuitBreaker {
  private readonly limits: BreakerLimits;
  private failures = 0;
  private openUntilMs: number | undefined;
  private isTrying = false;

  constructor(limits: BreakerLimits) {
    this.limits = limits;
  }

  /** @param nowMs monotonic @returns how long to stay away, or 0 when a request may go: its end must be told */
  enter(nowMs: number): number {
    if (this.openUntilMs === undefined) return 0;
    if (nowMs < this.openUntilMs) return this.openUntilMs - nowMs;
    if (this.isTrying) return this.limits.openMs;
    this.isTrying = true;
    return 0;
  }

  /** The provider answered, whatever it said of the question. @returns whether it was left alone before */
  worked(): boolean {
    const wasOpen = this.openUntilMs !== undefined;
    this.failures = 0;
    this.openUntilMs = undefined;
    this.isTrying = false;
    return wasOpen;
  }

  /** @returns whether it is left alone from now on, and was not before */
  failed(nowMs: number): boolean {
    this.failures += 1;
    if (this.failures < this.limits.failuresMax) return false;
    const wasOpen = this.openUntilMs !== undefined;
    this.openUntilMs = nowMs + this.limits.openMs;
    this.isTrying = false;
    return !wasOpen;
  }

  /** Nothing is known: whoever asked gave up by himself. */
  gaveUp(): void {
    this.isTrying = false;
  }
}
