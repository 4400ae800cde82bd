import type { ClockPort, SleepOptions } from "../ports/clock.ts";

/** Node fires a longer timer at once, so a longer sleep is made of several. */
const timerMsMax = 2 ** 31 - 1;

/** The clock of this machine. A sleep keeps the process alive. */
export class RealClock implements ClockPort {
  nowMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  sleep(durationMs: number, options: SleepOptions = {}): Promise<boolean> {
    const { signal } = options;
    if (signal?.aborted === true) return Promise.resolve(false);
    const dueMs = this.monotonicMs() + durationMs;
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout;
      const stop = (): void => {
        clearTimeout(timer);
        resolve(false);
      };
      const wait = (leftMs: number): void => {
        timer = setTimeout(check, Math.min(Math.max(0, Math.ceil(leftMs)), timerMsMax));
      };
      // A timer counts whole milliseconds from the start of its loop turn, so it may fire a little early.
      const check = (): void => {
        const leftMs = dueMs - this.monotonicMs();
        if (leftMs > 0) {
          wait(leftMs);
          return;
        }
        signal?.removeEventListener("abort", stop);
        resolve(true);
      };
      signal?.addEventListener("abort", stop, { once: true });
      wait(durationMs);
    });
  }
}
