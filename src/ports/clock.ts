/** Time as one process sees it. Milliseconds; fractions are possible. */
export interface ClockPort {
  /** Wall clock since the Unix epoch. It may jump, run fast or slow, and differ between processes. */
  nowMs(): number;
  /** Since an arbitrary start. It never jumps and never goes back, but may drift. For leases and time limits. */
  monotonicMs(): number;
  /**
   * Settles when `durationMs` have passed on this process's clock, or at once when `signal` aborts.
   * @returns false when the signal ended it
   */
  sleep(durationMs: number, options?: SleepOptions): Promise<boolean>;
}

export interface SleepOptions {
  /** Distinguishes sleeps of one task in fault sites. */
  readonly key?: string;
  readonly signal?: AbortSignal;
}
