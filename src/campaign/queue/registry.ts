import type { Redis } from "ioredis";
import { z } from "zod";

/** A coordinator, as workers see it. */
export type CampaignEntry = z.infer<typeof campaignEntry>;
/** A worker, as coordinators see it. */
export type WorkerEntry = z.infer<typeof workerEntry>;

const campaignEntry = z.object({ id: z.string(), codeHash: z.string(), protocol: z.number(), seenMs: z.number() });

const workerEntry = z.object({
  id: z.string(),
  codeHash: z.string(),
  threads: z.number(),
  /** All that it did until now. */
  runs: z.number(),
  seenMs: z.number(),
});

/** Who takes part: everybody says once a second that they are there. Times are those of Redis. */
export class Registry {
  private readonly redis: Redis;
  private readonly prefix: string;

  constructor(redis: Redis, prefix: string) {
    this.redis = redis;
    this.prefix = prefix;
  }

  async announceCampaign(entry: Omit<CampaignEntry, "seenMs">): Promise<void> {
    await this.announce("campaigns", entry);
  }

  async announceWorker(entry: Omit<WorkerEntry, "seenMs">): Promise<void> {
    await this.announce("workers", entry);
  }

  /** Those that were there a moment ago, sorted by name. */
  async campaigns(): Promise<CampaignEntry[]> {
    return this.present("campaigns", campaignEntry);
  }

  async workers(): Promise<WorkerEntry[]> {
    return this.present("workers", workerEntry);
  }

  async leave(kind: "campaigns" | "workers", id: string): Promise<void> {
    await this.redis.hdel(this.key(kind), id);
  }

  private async announce(kind: "campaigns" | "workers", entry: { readonly id: string }): Promise<void> {
    const seenMs = await this.nowMs();
    await this.redis.hset(this.key(kind), entry.id, JSON.stringify({ ...entry, seenMs }));
  }

  private async present<Entry extends { readonly id: string; readonly seenMs: number }>(
    kind: "campaigns" | "workers",
    schema: z.ZodType<Entry>,
  ): Promise<Entry[]> {
    const [nowMs, all] = await Promise.all([this.nowMs(), this.redis.hgetall(this.key(kind))]);
    const present: Entry[] = [];
    for (const [id, text] of Object.entries(all)) {
      const entry = schema.safeParse(JSON.parse(text));
      if (entry.success && nowMs - entry.data.seenMs < absentMs) present.push(entry.data);
      else await this.leave(kind, id);
    }
    return present.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  }

  private async nowMs(): Promise<number> {
    const [seconds, microseconds] = await this.redis.time();
    return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
  }

  private key(kind: "campaigns" | "workers"): string {
    return `${this.prefix}:${kind}`;
  }
}

/** Who was not heard of for so long is gone. */
const absentMs = 10_000;
