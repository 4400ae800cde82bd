import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { keepCodeOfTypeStripping } from "../../src/real/type-stripping.ts";
import { jsonOf, root } from "../proof/command.ts";
import type { Findings } from "../proof/evidence.ts";
import { freePort, kill, startRedis } from "../queue/redis.ts";
import { percentile, rounded } from "./runs.ts";

const scenario = "partial-spawn";
const rounds = 3;
const timesOfTwoThreadsBudget = 1.9;
const shareThroughQueueBudget = 0.9;

/**
 * The same seeds on one thread, on two, and on two of a worker behind a queue, in turns, each in a ledger of its own; and what
 * two threads of this machine do of what one does when they only count.
 */
export async function measureScaling(seeds: number): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-scaling-"));
  const port = await freePort();
  const redis = await startRedis(port, folder);
  const url = `redis://127.0.0.1:${port}/scaling`;
  const worker = startWorker(url);
  try {
    const rates: Record<"one" | "two" | "queue", number[]> = { one: [], two: [], queue: [] };
    let ledgers = 0;
    const rateOf = async (...flags: string[]): Promise<number> => {
      const ledger = join(folder, `${++ledgers}.sqlite`);
      const args = ["campaign", scenario, "--seeds", String(seeds), "--ledger", ledger, "--out", folder, "--json"];
      const { ok, wallMs } = await jsonOf("src/cli/bin.ts", [...args, ...flags]);
      if (ok !== true) throw new Error(`a campaign with ${flags.join(" ")} did not hold`);
      return (seeds * 1_000) / Number(wallMs);
    };
    for (let round = 0; round < rounds; round++) {
      rates.one.push(await rateOf("--workers", "1"));
      rates.two.push(await rateOf("--workers", "2"));
      rates.queue.push(await rateOf("--engine", url));
    }
    const middle = (values: readonly number[]): number =>
      percentile(
        values.toSorted((left, right) => left - right),
        50,
      );
    const [one, two, queue] = [middle(rates.one), middle(rates.two), middle(rates.queue)];
    return {
      facts: {
        scenario,
        seeds,
        rounds,
        seedsPerSecondOfOneThread: rounded(one, 1),
        seedsPerSecondOfTwoThreads: rounded(two, 1),
        timesOfTwoThreads: rounded(two / one, 2),
        timesOfTwoThreadsBudget,
        meetsTimesBudget: two / one >= timesOfTwoThreadsBudget,
        timesOfTwoThreadsThatOnlyCount: rounded(await timesOfCounting(), 2),
        seedsPerSecondThroughQueue: rounded(queue, 1),
        shareThroughQueue: rounded(queue / two, 2),
        shareThroughQueueBudget,
        meetsShareBudget: queue / two >= shareThroughQueueBudget,
      },
      tables: [
        {
          title: "Seeds per second in each round",
          columns: ["one thread", "two threads", "two behind a queue"],
          rows: rates.one.map((rate, round) =>
            [rate, rates.two[round]!, rates.queue[round]!].map((each) => rounded(each, 1)),
          ),
        },
      ],
      problems: [],
    };
  } finally {
    worker.kill("SIGTERM");
    if (worker.exitCode === null) await once(worker, "exit");
    await kill(redis);
    rmSync(folder, { recursive: true, force: true });
  }
}

function startWorker(url: string): ChildProcess {
  return spawn(process.execPath, ["--no-warnings", "src/cli/bin.ts", "worker", url, "--threads", "2"], {
    cwd: root,
    stdio: "ignore",
  });
}

/** How much more two threads count in the same time than one: the most that this machine has to give. */
async function timesOfCounting(): Promise<number> {
  const one = await counted(1);
  return (await counted(2)) / one;
}

async function counted(threads: number): Promise<number> {
  keepCodeOfTypeStripping();
  const source = `
    let count = 0;
    for (const end = performance.now() + 2_000; performance.now() < end; ) for (let index = 0; index < 1e6; index++) count++;
    require("node:worker_threads").parentPort.postMessage(count);`;
  const start = async (): Promise<number> => {
    const worker = new Worker(source, { eval: true });
    const [count] = (await once(worker, "message")) as [number];
    return count;
  };
  const counts = await Promise.all(Array.from({ length: threads }, start));
  return counts.reduce((sum, count) => sum + count, 0);
}
