import { afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  exploreScenario,
  type ScenarioCampaignOptions,
  type ScenarioResult,
} from "../../src/campaign/explore-scenario.ts";
import { RangeSeeds, seedsOfShard, splitEvenly, wholeCampaign } from "../../src/campaign/seed-range.ts";
import type { TaskExecutor } from "../../src/campaign/task.ts";
import { ThisThread } from "../../src/campaign/this-thread.ts";
import { WorkerPool, type WorkerPoolOptions } from "../../src/campaign/worker-pool.ts";
import { createTaskRunner } from "../../src/cli/campaign-worker.ts";
import { installGuards } from "../../src/kernel/guards.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import * as toys from "./toy-scenarios.ts";

beforeAll(() => installGuards());

const executors: TaskExecutor[] = [];
afterEach(async () => {
  for (const executor of executors.splice(0)) await executor.close();
});

function thisThread(): TaskExecutor {
  return new ThisThread(createTaskRunner(toys, { strategy: "portfolio" }), inMacrotask);
}

function pool(workers: number, stallMsMax = 10_000, more: Partial<WorkerPoolOptions> = {}): TaskExecutor {
  const executor = new WorkerPool({
    workerUrl: new URL("../../src/cli/campaign-worker.ts", import.meta.url),
    workers,
    settings: { catalogueUrl: new URL("toy-scenarios.ts", import.meta.url).href, strategy: "portfolio" },
    stallMsMax,
    ...more,
  });
  executors.push(executor);
  return executor;
}

function explore(
  scenario: string,
  seeds: number,
  executor: TaskExecutor,
  more: Partial<ScenarioCampaignOptions> = {},
): Promise<ScenarioResult> {
  return exploreScenario({
    scenario,
    seeds: new RangeSeeds(seedsOfShard(scenario, 1, seeds, wholeCampaign)),
    failuresMax: 1,
    doubleRunsPpm: 50_000,
    executor,
    signal: new AbortController().signal,
    ...more,
  });
}

function withoutTime({ wallMs: _, ...result }: ScenarioResult): Omit<ScenarioResult, "wallMs"> {
  return result;
}

describe("counts", () => {
  test("are the same with two workers as in one thread, also when a failure ends the search", async () => {
    const workers = pool(2);
    for (const [scenario, end] of [
      ["counter-locked", "seeds"],
      ["counter-racy", "failures"],
    ] as const) {
      const alone = await explore(scenario, 900, thisThread());
      const together = await explore(scenario, 900, workers);
      expect(withoutTime(together)).toEqual(withoutTime(alone));
      expect(alone.end).toBe(end);
    }
  });

  test("add up over shards to those of the whole", async () => {
    const whole = await explore("counter-locked", 301, thisThread());
    let runs = 0;
    let ops = 0;
    for (const index of [1, 2, 3]) {
      const part = await explore("counter-locked", 0, thisThread(), {
        seeds: new RangeSeeds(seedsOfShard("counter-locked", 1, 301, { index, count: 3 })),
      });
      runs += part.tally.runs;
      ops += part.tally.ops;
    }
    expect(runs).toBe(301);
    expect(ops).toBe(whole.tally.ops);
  });

  test("say how often a goal was reached, an invariant judged, and a run executed twice", async () => {
    const { tally } = await explore("counter-locked", 200, thisThread());
    expect(tally.sometimes["the counter was written"]).toBeGreaterThan(150);
    expect(tally.checked["C1"]).toBeGreaterThan(200);
    expect(tally.runTwice).toBeGreaterThan(1);
    expect(tally.runTwice).toBeLessThan(30);
    expect(tally.virtualUs).toBeGreaterThan(0);
  });

  test("count runs that came to a limit apart from those that held", async () => {
    const { tally, failures } = await explore("counter-unbounded", 20, thisThread());
    expect(tally.limits).toEqual({ virtualMsMax: 20 });
    expect(failures).toEqual([]);
  });
});

describe("a failure", () => {
  test("carries the case that replays it, and ends the search at the same seed each time", async () => {
    const { failures, tally, failedRuns } = await explore("counter-racy", 500, thisThread());
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ kind: "violated", signature: "C1: counter", invariant: "C1" });
    const { faults, preemptions, delays } = failures[0]!.case!;
    expect(faults.length + preemptions.length + delays.length).toBeGreaterThan(0);
    expect(failedRuns).toEqual({ "C1: counter": 1 });
    expect(tally.runs).toBe(failures[0]!.seed);
  });

  test("of a kind that is known is counted and searched past when more kinds are wanted", async () => {
    const { failures, failedRuns, tally, end } = await explore("counter-racy", 300, thisThread(), { failuresMax: 2 });
    expect(failures).toHaveLength(1);
    expect(failedRuns["C1: counter"]).toBeGreaterThan(3);
    expect(tally.runs).toBe(300);
    expect(end).toBe("seeds");
  });

  test("of simulated code that reaches for the real world is nondeterminism, with its site", async () => {
    const { failures } = await explore("counter-leaking", 10, thisThread());
    expect(failures[0]).toMatchObject({ kind: "nondeterminism" });
    expect(failures[0]!.message).toContain("Math.random");
    expect(failures[0]!.message).toMatch(/(left|right)@0\/main\//);
  });
});

describe("a worker", () => {
  test(
    "that never comes back is ended; its seed is a livelock and all others are run",
    { timeout: 60_000 },
    async () => {
      // Long enough for a busy machine to load a worker in: a seed that only waits for that is no livelock.
      const executor = pool(2, 3_000);
      const result = await explore("counter-stuck", 20, executor, { failuresMax: 3 });
      const stuck = result.failures[0]!;
      expect(result.failures).toHaveLength(1);
      expect(stuck).toMatchObject({ kind: "livelock", signature: "livelock" });
      expect(result.tally.runs).toBe(20);
      expect(result.failedRuns["livelock"]).toBeGreaterThanOrEqual(1);
      expect(result.tally.ops).toBeGreaterThan(0);
      const located = await executor.run({ kind: "locate", scenario: "counter-stuck", seed: stuck.seed });
      expect(located).toMatchObject({ kind: "stalled", seed: stuck.seed });
      expect(located).toHaveProperty("site", expect.stringMatching(/^(left|right)@0\/main\//));
    },
  );

  test("that ends is replaced, and its seed stands as a failure of the infrastructure", async () => {
    const result = await explore("counter-exit", 40, pool(1), { failuresMax: 9 });
    expect(result.failures[0]).toMatchObject({ kind: "died", invariant: "infrastructure" });
    expect(result.failures[0]!.message).toContain("exited with code: 7");
    expect(["seeds", "workers"]).toContain(result.end);
  });
});

describe("memory", () => {
  test("that a run takes without end costs its worker: the seed is named, and all others are run", async () => {
    const executor = pool(1, 10_000, { heapMiBMax: 96 });
    const result = await explore("counter-hoarding", 11, executor, { failuresMax: 9 });
    expect(result.failures[0]).toMatchObject({ kind: "died", seed: 10 });
    expect(result.failures[0]!.message).toContain("memory");
    expect(result.tally.runs).toBe(11);
  });

  test("that workers leave behind is given back: they are replaced, and the counts are the same", async () => {
    const replaced = await explore("counter-locked", 24, pool(1, 10_000, { growthMiBMax: -1 }));
    expect(withoutTime(replaced)).toEqual(withoutTime(await explore("counter-locked", 24, thisThread())));
  });
});

describe("the end of a campaign", () => {
  test("comes at once when it is interrupted, with what is done", async () => {
    const controller = new AbortController();
    const result = await explore("counter-locked", 1_000_000, thisThread(), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(result.end).toBe("interrupted");
    expect(result.tally.runs).toBeGreaterThan(0);
    expect(result.tally.runs).toBeLessThan(100);
  });

  test("comes when the time is up", async () => {
    const result = await explore("counter-locked", 1_000_000, thisThread(), { durationMs: 1 });
    expect(result.end).toBe("duration");
    expect(result.tally.runs).toBeGreaterThan(0);
  });
});

test("seeds are split evenly and none is lost", () => {
  expect(splitEvenly(10, 4)).toEqual([3, 3, 2, 2]);
  expect(splitEvenly(2000, 4)).toEqual([500, 500, 500, 500]);
});
