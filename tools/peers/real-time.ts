import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { mix32 } from "../../src/base/digest.ts";
import type { Step } from "../../src/kernel/step.ts";
import { usPerMs } from "../../src/kernel/time.ts";
import { sendRequest } from "../../src/real/http-client.ts";
import { Exchange } from "../../src/sim/exchange.ts";
import { PeerLoop, type PeerLoopOptions } from "./peer-loop.ts";
import type { Peer } from "./peer.ts";
import { noFaults, runOnPeer } from "./run-on-peer.ts";

/**
 * Plain runs, again and again: real timers, and requests over loopback to a real server, with all intervals short.
 * What differs from run to run is the workload, and what the machine makes of it. Nobody breaks anything.
 */
export const realTime: Peer = {
  name: "real time over loopback",
  async search({ scenario, seed, judge, isSpent }) {
    const wire = await Wire.open();
    try {
      for (let run = 0; !isSpent(); run++) {
        const createLoop = (options: PeerLoopOptions): PeerLoop => new RealTimeLoop(wire, isSpent, options);
        if (judge(await runOnPeer({ scenario, seed: mix32(seed, run), faults: noFaults, createLoop }))) return;
      }
    } finally {
      await wire.close();
    }
  },
};

/** How much shorter all intervals are: a poll every 20 s is one every 100 ms, a time limit of 10 s one of 50 ms. */
const speed = 200;

class Wire {
  private readonly server: Server;
  private readonly arrivals = new Map<string, () => void>();
  private sent = 0;

  private constructor() {
    this.server = createServer((request, response) => {
      request.resume().on("end", () => {
        const id = request.url!.slice(1);
        this.arrivals.get(id)?.();
        this.arrivals.delete(id);
        response.writeHead(202).end();
      });
    });
  }

  static async open(): Promise<Wire> {
    const wire = new Wire();
    wire.server.listen(0, "127.0.0.1");
    await once(wire.server, "listening");
    return wire;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  send({ request }: Exchange, arrive: () => void): void {
    const address = this.server.address();
    if (address === null || typeof address === "string") return;
    const id = String(this.sent++);
    this.arrivals.set(id, arrive);
    void sendRequest({ ...request, url: `http://127.0.0.1:${address.port}/${id}`, timeoutMs: 10_000 }, 1_024);
  }
}

class RealTimeLoop extends PeerLoop {
  private readonly wire: Wire;
  private readonly isSpent: () => boolean;
  private readonly startMs = performance.now();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(wire: Wire, isSpent: () => boolean, options: PeerLoopOptions) {
    super(options);
    this.wire = wire;
    this.isSpent = isSpent;
  }

  get nowUs(): number {
    return Math.round((performance.now() - this.startMs) * usPerMs * speed);
  }

  protected wait(step: Step, nominalUs: number, _slackUs: number, happen: () => void): void {
    if (step instanceof Exchange && step.stage === 0) {
      this.wire.send(step, happen);
      return;
    }
    const delayMs = nominalUs / usPerMs / speed;
    // A timer of Node takes a millisecond at least; what is quicker here happens in the next turn.
    if (delayMs < 1) {
      setImmediate(happen);
      return;
    }
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      happen();
    }, delayMs);
    this.timers.add(timer);
  }

  run(): Promise<void> {
    return new Promise((resolve) => {
      const look = setInterval(() => {
        if (this.end === undefined && !this.isIdle && !this.isSpent()) return;
        if (this.end === undefined && this.isSpent()) this.end = { kind: "limit", limit: "virtualMsMax", value: 0 };
        clearInterval(look);
        for (const timer of this.timers) clearTimeout(timer);
        resolve();
      }, lookMs);
    });
  }
}

const lookMs = 20;
