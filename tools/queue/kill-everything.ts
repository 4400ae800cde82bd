import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { mix32 } from "../../src/base/digest.ts";
import { freePort, kill, startRedis } from "./redis.ts";

export interface KillEverythingOptions {
  /** An empty one, for ledgers and logs. */
  readonly folder: string;
  /** A fast one: the campaign is made longer until all kills are done. */
  readonly scenario: string;
  readonly seedsAtATime: number;
  /** Kills of a coordinator or a worker, each with SIGKILL. */
  readonly kills: number;
  /** Restarts of Redis, each of which forgets everything. Spread evenly over the kills. */
  readonly redisRestarts: number;
  readonly workers: number;
  /** Decides who is killed, and when. */
  readonly seed: number;
  readonly say: (line: string) => void;
}

export interface KillEverythingResult {
  readonly seeds: number;
  readonly kills: { readonly coordinator: number; readonly worker: number };
  readonly redisRestarts: number;
  readonly wallMs: number;
  /** What is wrong with the ledger; empty when every seed is in it exactly once, as in an undisturbed campaign. */
  readonly problems: readonly string[];
}

/** A campaign through a queue whose processes are killed all the time, against one that nobody disturbed. */
export async function killEverything(options: KillEverythingOptions): Promise<KillEverythingResult> {
  const startMs = performance.now();
  const disturbed = new DisturbedCampaign(options, await freePort());
  try {
    const { seeds, kills, redisRestarts } = await disturbed.run();
    const peaceful = join(options.folder, "peaceful.sqlite");
    const child = start(options, "peaceful", ["campaign", ...campaignArguments(options, peaceful, seeds)]);
    await once(child, "exit");
    const problems = compareLedgers(disturbed.ledger, peaceful, seeds);
    return { seeds, kills, redisRestarts, wallMs: performance.now() - startMs, problems };
  } finally {
    await disturbed.end();
  }
}

class DisturbedCampaign {
  readonly ledger: string;
  private readonly options: KillEverythingOptions;
  private readonly port: number;
  private readonly workers: ChildProcess[] = [];
  private redis: ChildProcess | undefined;
  private coordinator: ChildProcess | undefined;
  private draws = 0;

  constructor(options: KillEverythingOptions, port: number) {
    this.options = options;
    this.port = port;
    this.ledger = join(options.folder, "disturbed.sqlite");
  }

  async run(): Promise<Pick<KillEverythingResult, "seeds" | "kills" | "redisRestarts">> {
    const { options } = this;
    const kills = { coordinator: 0, worker: 0 };
    let redisRestarts = 0;
    let seeds = options.seedsAtATime;
    await this.startRedis();
    for (let index = 0; index < options.workers; index++) this.workers.push(this.startWorker(index));
    this.coordinator = this.startCoordinator(seeds);
    for (let done = 0; done < options.kills; done++) {
      await new Promise((resolve) => setTimeout(resolve, 300 + this.draw(2_200)));
      if (redisRestarts < Math.floor(((done + 1) * (options.redisRestarts + 1)) / (options.kills + 1))) {
        redisRestarts++;
        options.say(`restart ${redisRestarts} of Redis`);
        await kill(this.redis!);
        await this.startRedis();
      }
      const victim = this.draw(options.workers + 1);
      options.say(`kill ${done + 1}: ${victim === 0 ? "coordinator" : `worker ${victim}`}, ${seeds} seeds`);
      if (victim === 0) {
        kills.coordinator++;
        // One that has ended has done its share: the next one gets more.
        if (this.coordinator.exitCode !== null) seeds += options.seedsAtATime;
        await kill(this.coordinator);
        this.coordinator = this.startCoordinator(seeds);
      } else {
        kills.worker++;
        await kill(this.workers[victim - 1]!);
        this.workers[victim - 1] = this.startWorker(victim - 1);
      }
    }
    if (this.coordinator.exitCode === null) await once(this.coordinator, "exit");
    return { seeds, kills, redisRestarts };
  }

  async end(): Promise<void> {
    for (const child of [this.coordinator, ...this.workers, this.redis]) if (child !== undefined) await kill(child);
  }

  private startCoordinator(seeds: number): ChildProcess {
    const args = campaignArguments(this.options, this.ledger, seeds);
    return start(this.options, "coordinator", ["campaign", ...args, "--engine", this.url]);
  }

  private startWorker(index: number): ChildProcess {
    return start(this.options, `worker-${index + 1}`, ["worker", this.url, "--threads", "1", "--lock", "3s"]);
  }

  private async startRedis(): Promise<void> {
    this.redis = await startRedis(this.port, this.options.folder);
  }

  private get url(): string {
    return `redis://127.0.0.1:${this.port}/kill-everything`;
  }

  private draw(bound: number): number {
    return mix32(this.options.seed, ++this.draws) % bound;
  }
}

function campaignArguments({ scenario, folder }: KillEverythingOptions, ledger: string, seeds: number): string[] {
  const out = join(folder, "out");
  return [scenario, "--ledger", ledger, "--seeds", String(seeds), "--out", out, "--no-explain", "--json"];
}

/** With its output in a log of its name. */
function start({ folder }: KillEverythingOptions, name: string, args: readonly string[]): ChildProcess {
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, `${name}.log`), "a");
  const bin = fileURLToPath(new URL("../../src/cli/bin.ts", import.meta.url));
  const child = spawn(process.execPath, [bin, ...args], { stdio: ["ignore", log, log] });
  closeSync(log);
  return child;
}

function compareLedgers(disturbed: string, peaceful: string, seeds: number): string[] {
  const problems: string[] = [];
  const [left, right] = [readLedger(disturbed), readLedger(peaceful)];
  for (const [name, { rows, runs, mismatches }] of [["disturbed", left] as const, ["peaceful", right] as const]) {
    if (rows.size !== seeds) problems.push(`the ${name} ledger has ${rows.size} seeds of ${seeds}`);
    if (runs !== seeds) problems.push(`the ${name} ledger counts ${runs} runs of ${seeds} seeds`);
    if (mismatches !== 0) problems.push(`the ${name} ledger has ${mismatches} runs that differed the second time`);
  }
  const other = [...right.rows].filter(([seed, history]) => left.rows.get(seed) !== history);
  if (other.length > 0) problems.push(`${other.length} seeds differ, the first is ${other[0]![0]}`);
  return problems;
}

/** Its tally is written with its rows, and adds up each chunk once. */
function readLedger(path: string): { readonly rows: Map<number, string>; runs: number; mismatches: number } {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare("SELECT seed, hex(history) AS history FROM run ORDER BY seed").all();
    const tallies = database.prepare("SELECT tally FROM target").all();
    const mismatches = database.prepare("SELECT count(*) AS count FROM mismatch").get()!["count"] as number;
    return {
      rows: new Map(rows.map(({ seed, history }) => [seed as number, history as string])),
      runs: tallies.reduce((sum, { tally }) => sum + (JSON.parse(tally as string) as { runs: number }).runs, 0),
      mismatches,
    };
  } finally {
    database.close();
  }
}
