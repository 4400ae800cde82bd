/** Real time in milliseconds that stands still while it is paused. */
export class Stopwatch {
  private readonly readMs: () => number;
  private readonly startMs: number;
  private pausedMs = 0;
  private pausedAtMs: number | undefined;

  /** @param readMs a clock that never goes back */
  constructor(readMs: () => number) {
    this.readMs = readMs;
    this.startMs = readMs();
  }

  elapsedMs(): number {
    return (this.pausedAtMs ?? this.readMs()) - this.startMs - this.pausedMs;
  }

  pause(): void {
    this.pausedAtMs ??= this.readMs();
  }

  resume(): void {
    if (this.pausedAtMs === undefined) return;
    this.pausedMs += this.readMs() - this.pausedAtMs;
    this.pausedAtMs = undefined;
  }
}
