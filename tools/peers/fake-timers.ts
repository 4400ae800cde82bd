import { createClock } from "@sinonjs/fake-timers";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { mix32 } from "../../src/base/digest.ts";
import { purpose } from "../../src/kernel/draws.ts";
import type { Step } from "../../src/kernel/step.ts";
import { usPerMs } from "../../src/kernel/time.ts";
import { Exchange } from "../../src/sim/exchange.ts";
import { PeerLoop, type PeerLoopOptions } from "./peer-loop.ts";
import type { Peer } from "./peer.ts";
import { realTurn } from "./real-turn.ts";
import { callFaults, runOnPeer } from "./run-on-peer.ts";

/**
 * What stands in a vitest suite with msw and fake timers: requests leave through `fetch` and are answered by handlers,
 * each message with a random delay, and the test moves the fake clock from timer to timer. It is the body of such a
 * test in a loop: vitest itself, and its start for each file, are left out in its favour.
 */
export const fakeTimers: Peer = {
  name: "msw and fake timers",
  async search({ scenario, seed, judge, isSpent }) {
    const wire = new Wire();
    try {
      for (let run = 0; !isSpent(); run++) {
        const each = mix32(seed, run);
        const createLoop = (options: PeerLoopOptions): PeerLoop => new FakeTimersLoop(wire, options);
        if (judge(await runOnPeer({ scenario, seed: each, faults: callFaults(scenario, each), createLoop }))) return;
      }
    } finally {
      wire.close();
    }
  },
};

/** Requests on their way from `fetch` to a handler. */
class Wire {
  inFlight = 0;
  private readonly arrivals = new Map<string, () => void>();
  private readonly server = setupServer(
    http.all("*", ({ request }) => {
      const id = request.headers.get(idHeader) ?? "";
      this.arrivals.get(id)?.();
      this.arrivals.delete(id);
      return new HttpResponse(null, { status: 202 });
    }),
  );
  private sent = 0;

  constructor() {
    this.server.listen({ onUnhandledFrame: "error" });
  }

  close(): void {
    this.server.close();
  }

  send(exchange: Exchange, arrive: () => void): void {
    const id = String(this.sent++);
    const { method, url, body } = exchange.request;
    this.arrivals.set(id, arrive);
    this.inFlight++;
    fetch(url, { method, headers: { [idHeader]: id }, ...(body === undefined ? {} : { body: body.text() }) }).then(
      () => this.inFlight--,
      () => this.inFlight--,
    );
  }
}

class FakeTimersLoop extends PeerLoop {
  private readonly wire: Wire;
  private readonly clock = createClock(0);
  private drawn = 0;

  constructor(wire: Wire, options: PeerLoopOptions) {
    super(options);
    this.wire = wire;
  }

  get nowUs(): number {
    return this.clock.now * usPerMs;
  }

  protected wait(step: Step, nominalUs: number, slackUs: number, happen: () => void): void {
    const arrives = step instanceof Exchange && step.stage === 0;
    const delayUs = nominalUs + (step instanceof Exchange ? this.randomDelayUs(slackUs) : 0);
    this.clock.setTimeout(arrives ? () => this.wire.send(step, happen) : happen, Math.round(delayUs / usPerMs));
  }

  async run(): Promise<void> {
    for (;;) {
      do await realTurn();
      while (this.wire.inFlight > 0);
      if (this.end !== undefined || this.clock.countTimers() === 0) return;
      this.clock.next();
    }
  }

  /** Up to what the network allows: alike for all, as `delay(random)` in a handler is. */
  private randomDelayUs(slackUs: number): number {
    return this.draws.int(this.drawn++, delayPurpose, slackUs + 1);
  }
}

const idHeader = "x-exchange";
const delayPurpose = purpose("random delay");
