import type { Ports } from "../../ports/ports.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { Round } from "./round.ts";

/** Looks over the board at every interval, until `stop` aborts. */
export async function poll(dispatcher: Dispatcher, ports: Ports, stop: AbortSignal): Promise<void> {
  const intervalMs = dispatcher.config.pollIntervalMs;
  const startMs = ports.clock.monotonicMs();
  const round = new Round(dispatcher);
  let failures = 0;
  for (let slot = 0; !stop.aborted;) {
    const tick = ports.fork(`tick ${slot}`);
    failures = (await round.run(tick, stop)) ? 0 : failures + 1;
    const elapsedMs = ports.clock.monotonicMs() - startMs;
    const pauseMs = failures === 0 ? 0 : dispatcher.policies.retry.pollDelayMs(tick, failures, intervalMs);
    // Slots that went by during a long tick are left out: a tick is about the board as it is, not about the past.
    slot = Math.max(slot + 1, Math.ceil((elapsedMs + pauseMs) / intervalMs));
    await ports.clock.sleep(Math.max(0, slot * intervalMs - elapsedMs), { key: "poll", signal: stop });
  }
}
