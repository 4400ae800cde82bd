import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { QueueExecutor, type QueueExecutorOptions, type QueueView } from "../../src/campaign/queue/queue-executor.ts";
import { QueueWorker, type QueueWorkerOptions } from "../../src/campaign/queue/queue-worker.ts";
import { RedisError } from "../../src/campaign/queue/redis-error.ts";
import type { SeedRows } from "../../src/campaign/seed-rows.ts";
import type { TaskEnd, TaskExecutor } from "../../src/campaign/task.ts";
import { requiresTool } from "../requires-tool/requires-tool.ts";
import { RedisServer } from "./redis-server.ts";
import { answerOf, chunk, seedsOf, ToyExecutor } from "./toy-executor.ts";

requiresTool("redis-server");

async function startExecutor(server: RedisServer, more: Partial<QueueExecutorOptions> = {}): Promise<QueueExecutor> {
  const executor = await QueueExecutor.start({
    address: server.address,
    codeHash: "code",
    settings: {},
    chunksOutMax: 8,
    say: () => {},
    ...more,
  });
  onTestFinished(() => executor.close());
  return executor;
}

async function startWorker(
  server: RedisServer,
  toy = new ToyExecutor(),
  more: Partial<QueueWorkerOptions> = {},
): Promise<QueueWorker> {
  const worker = await QueueWorker.start({
    address: server.address,
    codeHash: "code",
    threads: 2,
    say: () => {},
    startExecutor: async () => toy,
    ...more,
  });
  onTestFinished(() => worker.drain());
  return worker;
}

/** A promise, and what settles it. */
function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe("chunks through a queue", () => {
  test("come back with what their runs came to, whichever worker took them", async () => {
    const server = await RedisServer.start();
    const toys = [new ToyExecutor(), new ToyExecutor()];
    for (const toy of toys) await startWorker(server, toy);
    const executor = await startExecutor(server);
    const tasks = Array.from({ length: 20 }, (_, index) => chunk(index * 2, index * 2 + 1));
    const ends = await Promise.all(tasks.map((task) => executor.run(task)));
    expect(ends).toEqual(tasks.map(({ seeds }) => answerOf(seeds)));
    const seeds = Array.from({ length: 40 }, (_, seed) => seed);
    expect(toys.flatMap(({ ran }) => ran).toSorted((left, right) => left - right)).toEqual(seeds);
  });

  test("are put again after a Redis that forgot them", async () => {
    const server = await RedisServer.start();
    const executor = await startExecutor(server);
    const ends = [executor.run(chunk(1, 2)), executor.run(chunk(3, 4))];
    const redis = server.client();
    await expect.poll(() => redis.dbsize(), { timeout: 10_000 }).toBeGreaterThan(2);
    await server.kill();
    await server.start();
    await startWorker(server);
    expect((await Promise.all(ends)).map(seedsOf)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test("outlive a Redis that restarts while they are computed", async () => {
    const server = await RedisServer.start();
    const begun = gate();
    const restarted = gate();
    await startWorker(
      server,
      new ToyExecutor(() => {
        begun.open();
        return restarted.opened;
      }),
    );
    const executor = await startExecutor(server);
    const end = executor.run(chunk(1, 2));
    await begun.opened;
    await server.kill();
    await server.start();
    restarted.open();
    expect(seedsOf(await end)).toEqual([1, 2]);
  });

  test("hand on a second result, and count the first alone", async () => {
    const server = await RedisServer.start();
    const second: [string, SeedRows][] = [];
    const executor = await startExecutor(server, { onSecondResult: (scenario, rows) => second.push([scenario, rows]) });
    const redis = server.client();
    const end = executor.run(chunk(7));
    let jobKeys: string[] = [];
    const findJob = async (): Promise<number> => (jobKeys = await redis.keys("test:chunks-*:*.explore.*")).length;
    await expect.poll(findJob, { timeout: 10_000 }).toBe(1);
    const jobId = jobKeys[0]!.split(":").at(-1)!;
    const campaign = jobId.split(".")[0]!;
    for (const historyHash of ["7", "8"]) {
      const result = { protocol: 1, jobId, worker: "twice", end: answerOf([7]) };
      await redis.rpush(
        `test:results-v1:${campaign}`,
        JSON.stringify(result).replace('"historyHashes":["7"]', `"historyHashes":["${historyHash}"]`),
      );
    }
    expect(await end).toEqual(answerOf([7]));
    await expect.poll(() => second.map(([scenario, rows]) => [scenario, rows.historyHashes])).toEqual([["toy", ["8"]]]);
  });

  test("that stood still are computed once more before it counts", async () => {
    const server = await RedisServer.start();
    const stalled: TaskEnd = { kind: "stalled", seed: 5, site: "" };
    const toy = new ToyExecutor();
    let stalls = 1;
    const startOnce = async (): Promise<TaskExecutor> => ({
      concurrency: 2,
      run: async (task) => (stalls-- > 0 ? stalled : toy.run(task)),
      close: async () => {},
    });
    await startWorker(server, toy, { startExecutor: startOnce });
    const executor = await startExecutor(server);
    expect(await executor.run(chunk(4, 5))).toEqual(answerOf([4, 5]));
    stalls = 2;
    expect(await executor.run(chunk(6, 7))).toEqual(stalled);
  });

  test("of a worker that dies are computed by the next one, and a seed that ends its worker is named", async () => {
    const server = await RedisServer.start();
    let ended = false;
    let deaths = 0;
    const spawnWorker = (): void => {
      const program = fileURLToPath(new URL("worker-process.ts", import.meta.url));
      const child = spawn(process.execPath, [program, JSON.stringify(server.address), "5"], { stdio: "inherit" });
      child.on("exit", () => {
        deaths++;
        if (!ended) spawnWorker();
      });
      onTestFinished(() => {
        ended = true;
        child.kill("SIGKILL");
      });
    };
    spawnWorker();
    const executor = await startExecutor(server);
    const poisoned = executor.run(chunk(...Array.from({ length: 40 }, (_, seed) => seed)));
    const healthy = executor.run(chunk(100, 101));
    expect(await poisoned).toMatchObject({ kind: "died", seed: 5 });
    expect(seedsOf(await healthy)).toEqual([100, 101]);
    const deathsBefore = deaths;
    expect(deathsBefore).toBeLessThanOrEqual(6);
    expect(await executor.run(chunk(4, 5, 6))).toMatchObject({ kind: "died", seed: 5 });
    expect(deaths).toBe(deathsBefore);
  });
});

describe("a worker", () => {
  test("with other code refuses, says why, and leaves the chunks to others", async () => {
    const server = await RedisServer.start();
    const views: QueueView[] = [];
    const executor = await startExecutor(server, { onView: (view) => views.push(view) });
    const end = executor.run(chunk(1));
    const other = new ToyExecutor();
    const refused = await startWorker(server, other, { codeHash: "other" });
    expect(await refused.ended).toMatchObject({
      reason: "refused",
      message: expect.stringMatching(/runs code code, this worker has other: it takes no part/),
    });
    await startWorker(server);
    expect(seedsOf(await end)).toEqual([1]);
    expect(other.ran).toEqual([]);
    await expect.poll(() => views.at(-1)?.workers.length, { timeout: 10_000 }).toBe(1);
  });

  test("that drains finishes its chunks and takes no more", async () => {
    const server = await RedisServer.start();
    const begun = gate();
    const finish = gate();
    const toy = new ToyExecutor(() => {
      begun.open();
      return finish.opened;
    });
    const worker = await startWorker(server, toy, { threads: 1 });
    const executor = await startExecutor(server);
    const first = executor.run(chunk(1));
    await begun.opened;
    const second = executor.run(chunk(2));
    const drained = worker.drain();
    finish.open();
    await drained;
    expect(seedsOf(await first)).toEqual([1]);
    expect(await worker.ended).toMatchObject({ reason: "drained", chunks: 1, runs: 1 });
    expect(toy.ran).toEqual([1]);
    await executor.close();
    expect(await second).toEqual({ kind: "stopped" });
  });

  test("ends by itself when there is no campaign for long enough", async () => {
    const server = await RedisServer.start();
    const worker = await startWorker(server, new ToyExecutor(), { idleMsMax: 10 });
    expect(await worker.ended).toMatchObject({ reason: "idle", runs: 0 });
  });
});

describe("a Redis that is lost", () => {
  test("ends what is out with an error that says so, on both sides", async () => {
    const server = await RedisServer.start();
    const begun = gate();
    const never = gate();
    onTestFinished(never.open);
    const toy = new ToyExecutor(() => {
      begun.open();
      return never.opened;
    });
    const worker = await startWorker(server, toy, { lostMsMax: 200 });
    const executor = await startExecutor(server, { lostMsMax: 200 });
    const end = executor.run(chunk(1)).catch((error: unknown) => error);
    await begun.opened;
    await server.kill();
    expect(await end).toBeInstanceOf(RedisError);
    expect(String(await end)).toMatch(/redis:\/\/127\.0\.0\.1:\d+\/test: lost; start it again/);
    expect(await worker.ended).toMatchObject({ reason: "lost" });
  });

  test("or was never there is an error before anything begins", async () => {
    const server = await RedisServer.start();
    await server.kill();
    await expect(startExecutor(server)).rejects.toThrow(/no Redis answers \(.*ECONNREFUSED.*\); check the address/);
  });
});
