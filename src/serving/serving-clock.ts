import { performance } from "node:perf_hooks";
import { assert } from "../base/assert.ts";

// Taken once: a test that replaces the timers of its process must not stop the fakes it talks to.
const { setTimeout, clearTimeout } = globalThis;

export interface ServingClockOptions {
  /** What it shows first: milliseconds since the Unix epoch. Default: the real time. */
  readonly startMs?: number;
  /** 1 is real, n is n times as fast; with 0 no wait lasts, and the clock shows real time. Default 1. */
  readonly speed?: number;
  /** It stands still; only `advance` moves it. Default false. */
  readonly stopped?: boolean;
}

/**
 * The clock of served fakes: real time with an offset and a speed. `set` changes what it shows and ends no wait, as
 * somebody who puts a clock right; `advance` lets time pass, and ends the waits that are then due.
 */
export class ServingClock {
  private readonly options: ServingClockOptions;
  private readonly waits = new Set<Wait>();
  private rate: number;
  private standing: boolean;
  /** Its own time when the rate changed last, and the real time then. */
  private baseMs = 0;
  private baseRealMs = performance.now();
  /** What it shows at its own time 0. */
  private wallMs: number;

  constructor(options: ServingClockOptions = {}) {
    this.options = options;
    this.wallMs = options.startMs ?? Date.now();
    this.rate = options.speed ?? 1;
    this.standing = options.stopped ?? false;
    assert(this.rate >= 0 && Number.isFinite(this.rate), "the speed of a clock is 0 or more");
  }

  get speed(): number {
    return this.rate;
  }

  get stopped(): boolean {
    return this.standing;
  }

  /** Milliseconds since the Unix epoch, whole. */
  nowMs(): number {
    return Math.floor(this.wallMs + this.elapsedMs());
  }

  /** Its own time since its start; never goes back, and `set` does not move it. */
  elapsedMs(): number {
    if (this.standing) return this.baseMs;
    return this.baseMs + (performance.now() - this.baseRealMs) * (this.rate === 0 ? 1 : this.rate);
  }

  set(nowMs: number): void {
    this.wallMs = nowMs - this.elapsedMs();
  }

  advance(durationMs: number): void {
    assert(durationMs >= 0, "time does not go back");
    this.rebase();
    this.baseMs += durationMs;
    this.rearm();
  }

  setPace({
    speed = this.rate,
    stopped = this.standing,
  }: {
    readonly speed?: number;
    readonly stopped?: boolean;
  }): void {
    assert(speed >= 0 && Number.isFinite(speed), "the speed of a clock is 0 or more");
    this.rebase();
    this.rate = speed;
    this.standing = stopped;
    this.rearm();
  }

  /** Shows again what it was made to show, at the pace it was made with. Its own time goes on, and ends waits as before. */
  reset(): void {
    const { startMs, speed = 1, stopped = false } = this.options;
    this.setPace({ speed, stopped });
    this.set(startMs ?? Date.now());
  }

  /** Whether somebody who waits until then, in its own time, need wait no longer. */
  isOver(dueMs: number): boolean {
    return this.rate === 0 || dueMs <= this.elapsedMs();
  }

  /** Calls back once its own time has come to `dueMs`, and never before this call has returned. @returns a way to call it off */
  at(dueMs: number, wake: () => void): () => void {
    const wait: Wait = { dueMs, wake, timer: undefined };
    this.waits.add(wait);
    this.arm(wait);
    return () => this.drop(wait);
  }

  /** Ends all waits without calling back. */
  close(): void {
    for (const wait of this.waits) this.drop(wait);
  }

  private rebase(): void {
    this.baseMs = this.elapsedMs();
    this.baseRealMs = performance.now();
  }

  private rearm(): void {
    for (const wait of this.waits) this.arm(wait);
  }

  private arm(wait: Wait): void {
    if (wait.timer !== undefined) clearTimeout(wait.timer);
    const leftMs = this.isOver(wait.dueMs) ? 0 : wait.dueMs - this.elapsedMs();
    wait.timer = undefined;
    if (leftMs > 0 && this.standing) return;
    const realMs = leftMs <= 0 ? 0 : Math.min(leftMs / this.rate, timerMsMax);
    wait.timer = setTimeout(() => this.fire(wait), realMs);
  }

  private fire(wait: Wait): void {
    // Node's timers may fire a little early, and a very long wait is made of several.
    if (!this.isOver(wait.dueMs)) {
      this.arm(wait);
      return;
    }
    this.waits.delete(wait);
    wait.wake();
  }

  private drop(wait: Wait): void {
    if (wait.timer !== undefined) clearTimeout(wait.timer);
    this.waits.delete(wait);
  }
}

interface Wait {
  readonly dueMs: number;
  readonly wake: () => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Node fires a longer timer at once. */
const timerMsMax = 2 ** 31 - 1;
