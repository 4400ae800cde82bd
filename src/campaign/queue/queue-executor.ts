import { randomUUID } from "node:crypto";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { assert } from "../../base/assert.ts";
import { sha256 } from "../../base/digest.ts";
import type { JsonObject } from "../../base/json.ts";
import type { SeedRows } from "../seed-rows.ts";
import type { Task, TaskEnd, TaskExecutor } from "../task.ts";
import { narrow } from "./narrow.ts";
import {
  protocolVersion,
  queueName,
  readQueuedResult,
  resultsKey,
  type QueuedEnd,
  type QueuedResult,
  type QueuedTask,
} from "./protocol.ts";
import type { RedisAddress } from "./redis-address.ts";
import { connectionOptions, RedisLink } from "./redis-link.ts";
import { Registry, type WorkerEntry } from "./registry.ts";

export interface QueueExecutorOptions {
  readonly address: RedisAddress;
  readonly codeHash: string;
  /** What the threads of every worker are told. */
  readonly settings: JsonObject;
  /** How many chunks are out at a time, >= 1: waiting, or computed. */
  readonly chunksOutMax: number;
  /** A chunk was computed twice, which happens when a worker dies late: what its runs came to the second time. */
  readonly onSecondResult?: ((scenario: string, rows: SeedRows) => void) | undefined;
  /** Once a second. */
  readonly onView?: (view: QueueView) => void;
  readonly say: (line: string) => void;
  readonly lostMsMax?: number;
}

/** Who computes right now. */
export interface QueueView {
  /** Those with the code of the campaign. */
  readonly workers: readonly WorkerEntry[];
  /** Workers that have other code, and so take no part. */
  readonly refused: number;
  readonly chunksOut: number;
}

interface Outstanding {
  readonly queued: QueuedTask;
  readonly settle: (end: QueuedEnd) => void;
  readonly reject: (error: unknown) => void;
  /** Looks that did not find it in Redis, one after the other. */
  missing: number;
  putAtMs: number;
}

/**
 * Tasks on the workers of a queue, wherever they are. What is out stands in this process alone: whatever Redis forgets is put
 * again, and a result that comes twice counts once.
 */
export class QueueExecutor implements TaskExecutor {
  readonly concurrency: number;

  private readonly options: QueueExecutorOptions;
  private readonly link: RedisLink;
  private readonly queue: Queue;
  private readonly results: Redis;
  private readonly registry: Registry;
  private readonly campaign = randomUUID().slice(0, 8);
  private readonly outstanding = new Map<string, Outstanding>();
  /** Jobs that have their result, with the scenario. */
  private readonly settled = new Map<string, string>();
  /** By scenario and seed: why it cannot be run. */
  private readonly poison = new Map<string, string>();
  private readonly timer: NodeJS.Timeout;
  private looking = false;
  private closed = false;

  /** Throws a `RedisError` when there is no Redis to be had. */
  static async start(options: QueueExecutorOptions): Promise<QueueExecutor> {
    const { address, say, lostMsMax = 60_000 } = options;
    const executor = new QueueExecutor(options, await RedisLink.connect({ address, say, lostMsMax }));
    await executor.announce();
    return executor;
  }

  private constructor(options: QueueExecutorOptions, link: RedisLink) {
    assert(options.chunksOutMax >= 1, "a queue without chunks does nothing");
    this.options = options;
    this.concurrency = options.chunksOutMax;
    this.link = link;
    this.registry = new Registry(link.redis, options.address.prefix);
    this.queue = new Queue(queueName(options.codeHash), {
      connection: connectionOptions(options.address),
      prefix: options.address.prefix,
      // Nobody reads events: results have a list of their own.
      streams: { events: { maxLen: 10 } },
    });
    this.queue.on("error", () => {});
    this.results = link.duplicate();
    link.lost.addEventListener("abort", () => this.endAll(({ reject }) => reject(link.lost.reason)));
    this.timer = setInterval(() => void this.look(), 1_000);
    void this.readResults();
  }

  async run(task: Task): Promise<TaskEnd> {
    const poisoned = this.poisonedSeed(task);
    if (poisoned !== undefined) return poisoned;
    let end = await this.put(task, startsMax);
    // On a machine that others keep busy, a thread may stand still for its watchdog without hanging.
    if (end.kind === "stalled") end = await this.put(task, startsMax + 1);
    if (end.kind !== "abandoned") return end;
    const found = await narrow(task, (part, starts) => this.put(part, starts));
    if (found.kind === "died" && task.kind === "explore") {
      this.poison.set(`${task.scenario}:${found.seed}`, found.why);
      this.options.say(`seed ${found.seed} of ${task.scenario} ends the workers that run it`);
    }
    return found;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.timer);
    const left = [...this.outstanding.keys()];
    this.endAll(({ settle }) => settle({ kind: "stopped" }));
    await Promise.race([this.tidyUp(left), pause(1_000)]);
    this.results.disconnect();
    this.link.close();
    await Promise.race([this.queue.disconnect().catch(() => {}), pause(1_000)]);
  }

  private async tidyUp(left: readonly string[]): Promise<void> {
    try {
      await this.registry.leave("campaigns", this.campaign);
      // What a worker holds right now cannot be removed: it finds that nobody waits for it.
      await Promise.all(left.map((jobId) => this.queue.remove(jobId).catch(() => {})));
      await this.link.redis.del(this.resultsKey);
    } catch {
      // Redis is away: whatever stands there is dropped by workers, or expires.
    }
  }

  private poisonedSeed(task: Task): TaskEnd | undefined {
    if (task.kind !== "explore") return undefined;
    for (const seed of task.seeds) {
      const why = this.poison.get(`${task.scenario}:${seed}`);
      if (why !== undefined) return { kind: "died", seed, why };
    }
    return undefined;
  }

  private put(task: Task, starts: number): Promise<QueuedEnd> {
    if (this.closed) return Promise.resolve({ kind: "stopped" });
    if (this.link.lost.aborted) return Promise.reject(this.link.lost.reason as Error);
    const { settings } = this.options;
    const queued: QueuedTask = {
      protocol: protocolVersion,
      campaign: this.campaign,
      task,
      settings,
      startsMax: starts,
    };
    const jobId = this.jobIdOf(task, starts);
    assert(!this.outstanding.has(jobId), `${jobId} is out already`);
    return new Promise((settle, reject) => {
      this.outstanding.set(jobId, { queued, settle, reject, missing: 0, putAtMs: performance.now() });
      void this.add(jobId, queued);
    });
  }

  /** The same for the same work: putting a chunk twice is putting it once. BullMQ allows no colons. */
  private jobIdOf(task: Task, starts: number): string {
    return [
      this.campaign,
      task.kind,
      task.scenario.replaceAll(":", "_"),
      ...(task.kind === "explore" ? [`${task.seeds[0]}-${task.seeds.at(-1)}`] : []),
      sha256(JSON.stringify([task, starts])).slice(0, 12),
    ].join(".");
  }

  private async add(jobId: string, queued: QueuedTask): Promise<void> {
    try {
      await this.queue.add(queued.task.kind, queued, { jobId, removeOnComplete: true, removeOnFail: true });
    } catch {
      // Redis is away. A look at what is out finds it missing and puts it again.
    }
  }

  private async readResults(): Promise<void> {
    while (!this.closed) {
      try {
        const popped = await this.results.blpop(this.resultsKey, 1);
        if (popped !== null) this.take(popped[1]);
      } catch {
        await pause(100);
      }
    }
  }

  private take(text: string): void {
    const result = readQueuedResult(text);
    if (result === undefined) {
      this.options.say(`a result that cannot be read was left out: ${text.slice(0, 200)}`);
      return;
    }
    const waiting = this.outstanding.get(result.jobId);
    if (waiting === undefined) {
      this.takeSecond(result);
      return;
    }
    this.outstanding.delete(result.jobId);
    if (result.end.kind === "answered") this.settled.set(result.jobId, waiting.queued.task.scenario);
    waiting.settle(result.end);
  }

  private takeSecond({ jobId, end }: QueuedResult): void {
    const scenario = this.settled.get(jobId);
    if (scenario === undefined || end.kind !== "answered" || end.answer.kind !== "explored") return;
    for (const { rows } of end.answer.segments) {
      if (rows !== undefined) this.options.onSecondResult?.(scenario, rows);
    }
  }

  /** Once a second: says that the campaign lives, looks for what Redis has forgotten, and shows who computes. */
  private async look(): Promise<void> {
    if (this.looking || this.link.redis.status !== "ready") return;
    this.looking = true;
    try {
      await this.announce();
      await this.putMissing();
      const workers = await this.registry.workers();
      const own = workers.filter(({ codeHash }) => codeHash === this.options.codeHash);
      this.options.onView?.({
        workers: own,
        refused: workers.length - own.length,
        chunksOut: this.outstanding.size,
      });
    } catch {
      // Redis went away: the next look is in a second.
    } finally {
      this.looking = false;
    }
  }

  /** A result is pushed before its job goes: what is missing twice has none, but for a restart of Redis. */
  private async putMissing(): Promise<void> {
    for (const [jobId, waiting] of this.outstanding) {
      if (performance.now() - waiting.putAtMs < 1_500) continue;
      const isThere = await this.link.redis.exists(`${this.options.address.prefix}:${this.queue.name}:${jobId}`);
      waiting.missing = isThere === 1 ? 0 : waiting.missing + 1;
      if (waiting.missing < 2 || !this.outstanding.has(jobId)) continue;
      waiting.missing = 0;
      waiting.putAtMs = performance.now();
      await this.add(jobId, waiting.queued);
    }
  }

  private async announce(): Promise<void> {
    const { codeHash } = this.options;
    await this.registry.announceCampaign({ id: this.campaign, codeHash, protocol: protocolVersion });
  }

  private endAll(end: (waiting: Outstanding) => void): void {
    const all = [...this.outstanding.values()];
    this.outstanding.clear();
    for (const waiting of all) end(waiting);
  }

  private get resultsKey(): string {
    return resultsKey(this.options.address.prefix, this.campaign);
  }
}

/** A worker may be ended by others while it computes; twice on the same chunk is the chunk's own doing. */
const startsMax = 2;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
