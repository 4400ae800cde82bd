import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { Worker, type Job } from "bullmq";
import { canonicalJson, type JsonObject } from "../../base/json.ts";
import type { TaskAnswer, TaskExecutor } from "../task.ts";
import {
  protocolVersion,
  queueName,
  readQueuedTask,
  resultsKey,
  type QueuedEnd,
  type QueuedResult,
  type QueuedTask,
} from "./protocol.ts";
import type { RedisAddress } from "./redis-address.ts";
import { connectionOptions, RedisLink } from "./redis-link.ts";
import { Registry, type CampaignEntry } from "./registry.ts";

export interface QueueWorkerOptions {
  readonly address: RedisAddress;
  readonly codeHash: string;
  /** Chunks at a time, >= 1. */
  readonly threads: number;
  /** Starts who computes the chunks of campaigns with these settings, `threads` at a time. Not on this thread. */
  readonly startExecutor: (settings: JsonObject) => Promise<TaskExecutor>;
  readonly say: (line: string) => void;
  /** Ends after so long without a campaign. */
  readonly idleMsMax?: number;
  /** How long this worker may be silent before its chunks go to others. */
  readonly lockMs?: number;
  readonly lostMsMax?: number;
}

/** `refused`: all campaigns that there are have other code. */
export type WorkerEndReason = "drained" | "idle" | "refused" | "lost";

export interface WorkerEnd {
  readonly reason: WorkerEndReason;
  readonly message: string;
  readonly chunks: number;
  readonly runs: number;
}

/** Takes chunks from a queue until it is told to stop, or there is nothing for it. The queue's locks are kept by this thread, so nothing is computed on it. */
export class QueueWorker {
  /** How it ended: never a rejection. */
  readonly ended: Promise<WorkerEnd>;

  private readonly options: QueueWorkerOptions;
  private readonly link: RedisLink;
  private readonly registry: Registry;
  private readonly worker: Worker;
  private readonly name = `${hostname()}.${process.pid}.${randomUUID().slice(0, 4)}`;
  /** By settings. */
  private readonly executors = new Map<string, Promise<TaskExecutor>>();
  private readonly told = new Set<string>();
  private readonly timer: NodeJS.Timeout;
  private settle: (end: WorkerEnd) => void = () => {};
  private campaigns: readonly CampaignEntry[] = [];
  private busyAtMs = performance.now();
  private beating = false;
  private ending = false;
  private running = 0;
  private chunks = 0;
  private runs = 0;

  /** Throws a `RedisError` when there is no Redis to be had. */
  static async start(options: QueueWorkerOptions): Promise<QueueWorker> {
    const { address, say, lostMsMax = 60_000 } = options;
    const worker = new QueueWorker(options, await RedisLink.connect({ address, say, lostMsMax }));
    await worker.beat();
    return worker;
  }

  private constructor(options: QueueWorkerOptions, link: RedisLink) {
    const { address, codeHash, threads, lockMs = 15_000 } = options;
    this.options = options;
    this.link = link;
    this.registry = new Registry(link.redis, address.prefix);
    this.ended = new Promise((settle) => (this.settle = settle));
    this.worker = new Worker(queueName(codeHash), (job) => this.process(job), {
      connection: connectionOptions(address),
      prefix: address.prefix,
      concurrency: threads,
      lockDuration: lockMs,
      stalledInterval: Math.ceil(lockMs / 3),
      // How often is too often stands in the task: see `startsMax`.
      maxStalledCount: 1_000,
      drainDelay: 1,
      runRetryDelay: 500,
    });
    this.worker.on("error", () => {});
    link.lost.addEventListener("abort", () => void this.end("lost", (link.lost.reason as Error).message));
    this.timer = setInterval(() => void this.beat(), 1_000);
  }

  /** Finishes the chunks that it has, and takes no more. */
  async drain(): Promise<void> {
    await this.end("drained", "told to stop");
  }

  private async process(job: Job): Promise<void> {
    const queued = readQueuedTask(job.data);
    if (queued === undefined) {
      this.options.say(`a chunk that cannot be read was left out: ${job.id}`);
      return;
    }
    if (!(await this.isLive(queued.campaign))) return;
    this.running++;
    try {
      const end = await this.compute(queued, job.attemptsStarted);
      // Taken away in the middle of it: the coordinator finds it missing and puts it again.
      if (end.kind === "stopped") throw new Error("stopped");
      await this.push(queued.campaign, { protocol: protocolVersion, jobId: job.id!, worker: this.name, end });
      this.chunks++;
      if (end.kind === "answered") this.runs += runsOf(end.answer);
    } finally {
      this.running--;
      this.busyAtMs = performance.now();
    }
  }

  private async compute({ task, settings, startsMax }: QueuedTask, started: number): Promise<QueuedEnd> {
    if (started > startsMax) return { kind: "abandoned" };
    try {
      return await (await this.executorFor(settings)).run(task);
    } catch (error) {
      return { kind: "died", seed: Number.NaN, why: error instanceof Error ? error.message : String(error) };
    }
  }

  private executorFor(settings: JsonObject): Promise<TaskExecutor> {
    const key = canonicalJson(settings);
    let executor = this.executors.get(key);
    if (executor === undefined) {
      executor = this.options.startExecutor(settings);
      this.executors.set(key, executor);
    }
    return executor;
  }

  /** Before the job goes: so that a missing job without a result is one that Redis has lost. */
  private async push(campaign: string, result: QueuedResult): Promise<void> {
    const key = resultsKey(this.options.address.prefix, campaign);
    await this.link.redis.multi().rpush(key, JSON.stringify(result)).expire(key, 3_600).exec();
  }

  /** Chunks of a coordinator that is gone are dropped: nobody waits for them. */
  private async isLive(campaign: string): Promise<boolean> {
    if (!this.campaigns.some(({ id }) => id === campaign)) this.campaigns = await this.registry.campaigns();
    return this.campaigns.some(({ id }) => id === campaign);
  }

  /** Once a second: says that it is there, and looks whether there is anything for it. */
  private async beat(): Promise<void> {
    if (this.beating || this.ending || this.link.redis.status === "reconnecting") return;
    this.beating = true;
    try {
      const { codeHash, threads, idleMsMax } = this.options;
      await this.registry.announceWorker({ id: this.name, codeHash, threads, runs: this.runs });
      this.campaigns = await this.registry.campaigns();
      const others = this.campaigns.filter((campaign) => campaign.codeHash !== codeHash);
      for (const other of others) this.refuse(other);
      if (others.length > 0 && others.length === this.campaigns.length && this.running === 0) {
        void this.end("refused", otherCode(others[0]!, codeHash));
        return;
      }
      if (this.campaigns.length > 0) this.busyAtMs = performance.now();
      else if (this.running === 0) await this.closeExecutors();
      if (idleMsMax !== undefined && this.running === 0 && performance.now() - this.busyAtMs > idleMsMax) {
        void this.end("idle", "no campaign for as long as it was to wait");
      }
    } catch {
      // Redis went away: the next beat is in a second.
    } finally {
      this.beating = false;
    }
  }

  private refuse(campaign: CampaignEntry): void {
    if (this.told.has(campaign.id)) return;
    this.told.add(campaign.id);
    this.options.say(otherCode(campaign, this.options.codeHash));
  }

  private async end(reason: WorkerEndReason, message: string): Promise<void> {
    if (this.ending) return;
    this.ending = true;
    clearInterval(this.timer);
    const isLost = reason === "lost";
    if (isLost) await Promise.race([this.worker.close(true).catch(() => {}), pause(1_000)]);
    else await this.worker.close().catch(() => {});
    await this.closeExecutors();
    if (!isLost) await Promise.race([this.registry.leave("workers", this.name).catch(() => {}), pause(1_000)]);
    this.link.close();
    this.settle({ reason, message, chunks: this.chunks, runs: this.runs });
  }

  private async closeExecutors(): Promise<void> {
    const all = [...this.executors.values()];
    this.executors.clear();
    for (const executor of all) await (await executor.catch(() => undefined))?.close();
  }
}

function otherCode(campaign: CampaignEntry, codeHash: string): string {
  return (
    `campaign ${campaign.id} runs code ${campaign.codeHash.slice(0, 12)}, this worker has ${codeHash.slice(0, 12)}: ` +
    "it takes no part in it; install the same version and scenarios on both"
  );
}

function runsOf(answer: TaskAnswer): number {
  return answer.kind === "explored" ? answer.segments.reduce((sum, { tally }) => sum + tally.runs, 0) : 0;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
