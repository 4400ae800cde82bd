import { assert } from "../base/assert.ts";
import type { Incarnation } from "../kernel/process.ts";
import { usPerMs } from "../kernel/time.ts";
import type { HttpHandler } from "../ports/http.ts";
import type { Service } from "../ports/service.ts";
import type { Exchange } from "./exchange.ts";
import type { World } from "./world.ts";

/** How long a message takes, one way. */
export interface Latency {
  readonly nominalUs: number;
  /** How much longer it may take without a fault. */
  readonly slackUs: number;
}

export const localLatency: Latency = { nominalUs: 500, slackUs: 1_000_000 };

export interface ServiceOptions {
  readonly latency?: Latency;
}

/** A service at its origin: who is being served, and who waits for a worker. */
export class ServedService {
  readonly service: Service;
  readonly latency: Latency;
  busyWorkers = 0;
  readonly waiting: Exchange[] = [];

  constructor(service: Service, options: ServiceOptions) {
    this.service = service;
    this.latency = options.latency ?? localLatency;
  }
}

/** A simulated process that listens at an origin. */
export interface Listener {
  readonly incarnation: Incarnation;
  readonly handler: HttpHandler;
  readonly bodyBytesMax: number;
  /** Requests it is handling. */
  readonly exchanges: Set<Exchange>;
}

/** Origins and who answers there, and which parts cannot reach each other just now. */
export class Network {
  private readonly world: World;
  private readonly services = new Map<string, ServedService>();
  private readonly listeners = new Map<string, Listener>();
  /** `process>service`, `service>process`: cut until a time. */
  private readonly cutUntilUs = new Map<string, number>();

  constructor(world: World) {
    this.world = world;
  }

  addService(origin: string, service: Service, options: ServiceOptions): void {
    assert(!this.services.has(origin), `two services at ${origin}`);
    this.services.set(origin, new ServedService(service, options));
  }

  serviceAt(origin: string): ServedService | undefined {
    return this.services.get(origin);
  }

  listenerAt(origin: string): Listener | undefined {
    return this.listeners.get(origin);
  }

  /** @returns false when somebody listens there already */
  listen(origin: string, listener: Listener): boolean {
    if (this.listeners.has(origin)) return false;
    this.listeners.set(origin, listener);
    return true;
  }

  stopListening(origin: string): void {
    this.listeners.delete(origin);
  }

  /** A process died: its ports close, and who waits for its answers learns that the connection broke. */
  forgetProcess(incarnation: Incarnation): void {
    for (const [origin, listener] of this.listeners) {
      if (listener.incarnation !== incarnation) continue;
      this.listeners.delete(origin);
      for (const exchange of listener.exchanges) exchange.connectionBroke();
    }
  }

  cut(from: string, to: string, durationMs: number): void {
    this.cutUntilUs.set(`${from}>${to}`, this.world.kernel.nowUs + durationMs * usPerMs);
  }

  isCut(from: string, to: string): boolean {
    if (this.cutUntilUs.size === 0) return false;
    const untilUs = this.cutUntilUs.get(`${from}>${to}`);
    return untilUs !== undefined && this.world.kernel.nowUs < untilUs;
  }
}

/** Scheme, host and port of a URL; the rest is its path with the query. Without the cost of a URL object. */
export function splitUrl(url: string): { readonly origin: string; readonly path: string } {
  const scheme = url.indexOf("://");
  assert(scheme > 0, `not an absolute URL: ${url}`);
  const slash = url.indexOf("/", scheme + 3);
  if (slash === -1) return { origin: url, path: "/" };
  return { origin: url.slice(0, slash), path: url.slice(slash) };
}
