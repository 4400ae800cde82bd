import { QueueWorker, type WorkerEnd } from "../campaign/queue/queue-worker.ts";
import { RedisError } from "../campaign/queue/redis-error.ts";
import { codeHash } from "./code-hash.ts";
import { effectiveCpus } from "./effective-cpus.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { readDuration, readInteger } from "./option-values.ts";
import { ownVersion } from "./own-package.ts";
import { readRedisAddress } from "./redis-option.ts";
import { threadsEngine } from "./threads-engine.ts";

export interface WorkerFlags {
  readonly threads?: string;
  readonly idle?: string;
  readonly lock?: string;
  readonly json?: boolean;
}

/** `stormlane worker`: computes chunks of campaigns until it is interrupted. @returns the exit code */
export async function work(address: string, flags: WorkerFlags, host: Host): Promise<number> {
  const threads = readInteger("--threads", flags.threads ?? "2", {
    min: 1,
    max: Math.max(2, 4 * effectiveCpus()),
  });
  const idleMsMax = flags.idle === undefined ? undefined : readDuration("--idle", flags.idle);
  const lockMs = readDuration("--lock", flags.lock ?? "15s");
  const redis = readRedisAddress("the address", address);
  const code = await codeHash(host.catalogueUrl);
  const interrupted = host.takeInterruptions();
  const say = (line: string): void => host.writeError(`${line}\n`);
  try {
    const worker = await QueueWorker.start({
      address: redis,
      codeHash: code,
      threads,
      ...(idleMsMax === undefined ? {} : { idleMsMax }),
      lockMs,
      say,
      // Scenarios come from this machine: that they are the same is what the hash of the code is for.
      startExecutor: (settings) =>
        threadsEngine({ workers: threads, settings: { ...settings, catalogueUrl: host.catalogueUrl.href } }),
    });
    say(`worker of ${redis.text}: ${threads} threads, code ${code.slice(0, 12)}`);
    if (interrupted.aborted) void worker.drain();
    interrupted.addEventListener("abort", () => {
      say("finishing what it has; a second interruption ends it at once");
      void worker.drain();
    });
    return conclude(await worker.ended, flags, host);
  } catch (error) {
    if (!(error instanceof RedisError)) throw error;
    host.writeError(`stormlane: ${error.message}\n`);
    return exitCodes.broken;
  }
}

function conclude(end: WorkerEnd, { json }: WorkerFlags, host: Host): number {
  if (json === true) host.writeOut(`${JSON.stringify(workerDocument(end))}\n`);
  else host.writeOut(`${end.runs} runs in ${end.chunks} chunks\n`);
  host.writeError(`${end.reason === "refused" || end.reason === "lost" ? "stormlane: " : ""}${end.message}\n`);
  switch (end.reason) {
    case "drained":
    case "idle":
      return exitCodes.held;
    case "refused":
      return exitCodes.usage;
    case "lost":
      return exitCodes.broken;
  }
}

/** What `worker --json` prints. */
export function workerDocument(end: WorkerEnd): object {
  return { version: 1, stormlane: ownVersion(), command: "worker", ...end };
}
