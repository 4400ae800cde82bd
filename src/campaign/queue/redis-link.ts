import { Redis } from "ioredis";
import type { RedisAddress } from "./redis-address.ts";
import { RedisError } from "./redis-error.ts";

export interface RedisLinkOptions {
  readonly address: RedisAddress;
  /** How long Redis may be away before it counts as lost. */
  readonly lostMsMax: number;
  /** Redis went away or came back: one line for whoever watches. */
  readonly say: (line: string) => void;
}

/** A connection that comes back by itself, and says so when it does not. */
export class RedisLink {
  readonly redis: Redis;
  readonly address: RedisAddress;
  /** Aborted with a `RedisError` when Redis was away for too long. */
  readonly lost: AbortSignal;

  private readonly loss = new AbortController();
  private readonly say: (line: string) => void;
  private readonly lostMsMax: number;
  private away: NodeJS.Timeout | undefined;
  private closed = false;

  /** Tries for a few seconds. Throws a `RedisError` that says why there is no Redis to be had. */
  static async connect(options: RedisLinkOptions): Promise<RedisLink> {
    await probe(options.address);
    return new RedisLink(options);
  }

  private constructor({ address, lostMsMax, say }: RedisLinkOptions) {
    this.address = address;
    this.lostMsMax = lostMsMax;
    this.say = say;
    this.lost = this.loss.signal;
    this.redis = new Redis(connectionOptions(address));
    this.redis.on("error", () => {});
    this.redis.on("ready", () => this.cameBack());
    this.redis.on("close", () => this.wentAway());
  }

  /** For blocking commands: whoever asks for it ends it. */
  duplicate(): Redis {
    const redis = this.redis.duplicate();
    redis.on("error", () => {});
    return redis;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.away);
    this.redis.disconnect();
  }

  private wentAway(): void {
    if (this.closed || this.away !== undefined) return;
    this.say(`${this.address.text} is away: trying again for ${Math.round(this.lostMsMax / 1000)} s`);
    this.away = setTimeout(() => {
      const fix = "start it again, and then the same command: it goes on where it stopped";
      this.loss.abort(new RedisError(this.address.text, "lost", fix));
    }, this.lostMsMax);
  }

  private cameBack(): void {
    if (this.away === undefined) return;
    clearTimeout(this.away);
    this.away = undefined;
    this.say(`${this.address.text} is back`);
  }
}

/** Commands wait while Redis is away; it is tried again more and more slowly. */
export function connectionOptions({ options }: RedisAddress) {
  return {
    ...options,
    maxRetriesPerRequest: null,
    retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, 1_000),
  };
}

async function probe(address: RedisAddress): Promise<void> {
  let why = "";
  for (const waitMs of probeWaitsMs) {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    const redis = new Redis({
      ...address.options,
      lazyConnect: true,
      connectTimeout: 3_000,
      retryStrategy: () => null,
    });
    // The event says why; the promise of `connect` only that the connection was closed.
    redis.on("error", (error) => void (why = error.message));
    try {
      await redis.connect();
      await redis.call("PING");
      return;
    } catch (error) {
      if (why === "") why = error instanceof Error ? error.message : String(error);
      if (/NOAUTH|WRONGPASS|NOPERM|ERR AUTH/.test(why)) break;
    } finally {
      redis.disconnect();
    }
  }
  throw new RedisError(address.text, `no Redis answers (${why})`, "check the address and that redis-server runs there");
}

const probeWaitsMs = [0, 200, 400, 800, 1_600];
