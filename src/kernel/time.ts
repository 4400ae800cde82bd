import { assert } from "../base/assert.ts";

/** Virtual time is integer microseconds since the start of the run. */
export const usPerMs = 1000;

/** Later than any run: a step with this latest time may be held for ever. */
export const neverUs = Number.MAX_SAFE_INTEGER;

/** The wall clock at the start of every run: 2026-01-05T09:00:00Z, a Monday. */
export const epochMs = 1_767_603_600_000;

/** How one process's clock differs from true virtual time. */
export interface ClockSettings {
  /** Added to the wall clock alone. */
  readonly skewMs: number;
  /** Parts per million by which both clocks run fast (positive) or slow. Above -1,000,000. */
  readonly driftPpm: number;
}

export const trueClock: ClockSettings = { skewMs: 0, driftPpm: 0 };

/** The clock of one process. It survives restarts: it is the machine's. */
export class ProcessClock {
  private readonly rate: number;
  private wallOffsetMs: number;

  constructor(settings: ClockSettings) {
    assert(settings.driftPpm > -1_000_000, "a clock cannot run backwards");
    this.rate = 1 + settings.driftPpm / 1_000_000;
    this.wallOffsetMs = epochMs + settings.skewMs;
  }

  monotonicMs(nowUs: number): number {
    return (nowUs * this.rate) / usPerMs;
  }

  wallMs(nowUs: number): number {
    return Math.floor(this.wallOffsetMs + (nowUs * this.rate) / usPerMs);
  }

  /** Moves the wall clock; timers and the monotonic clock do not notice. */
  jump(byMs: number): void {
    this.wallOffsetMs += byMs;
  }

  /** True microseconds until this clock has moved on by `durationMs`; never less than asked. */
  trueUs(durationMs: number): number {
    return Math.ceil((Math.max(0, durationMs) * usPerMs) / this.rate);
  }
}
