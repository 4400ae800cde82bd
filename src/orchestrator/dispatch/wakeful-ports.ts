import type { ClockPort, SleepOptions } from "../../ports/clock.ts";
import type { Ports } from "../../ports/ports.ts";

/** Ports that sleep no longer than until `stop` aborts: whoever waits to try again is woken at once. */
export function wakefulPorts(ports: Ports, stop: AbortSignal, woken: () => void = nothing): Ports {
  const { random, http, files, subprocess, log } = ports;
  const clock: ClockPort = {
    nowMs: () => ports.clock.nowMs(),
    monotonicMs: () => ports.clock.monotonicMs(),
    async sleep(durationMs: number, options: SleepOptions = {}) {
      const { signal } = options;
      const either = signal === undefined ? stop : AbortSignal.any([signal, stop]);
      const slept = await ports.clock.sleep(durationMs, { ...options, signal: either });
      if (stop.aborted) woken();
      return slept;
    },
  };
  const fork = (name: string): Ports => wakefulPorts(ports.fork(name), stop, woken);
  return { clock, random, http, files, subprocess, log, fork };
}

function nothing(): void {}
