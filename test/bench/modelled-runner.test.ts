import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { keepCodeOfTypeStripping } from "../../src/real/type-stripping.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { installGuards } from "../../src/kernel/guards.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { pooled, runOnModelledRunner, type Runner, type RunnerRun } from "./modelled-runner.ts";

function run(runner: Partial<Runner>): Promise<RunnerRun> {
  return inMacrotask(() => runOnModelledRunner({ cores: 2, seed: 1, computingPct: 100, ...runner }));
}

describe("the modelled runner", () => {
  const runs = new Map<number, RunnerRun>();

  beforeAll(async () => {
    installGuards();
    for (const cores of [1, 2, 16]) runs.set(cores, await run({ cores }));
  }, 60_000);

  test("says the same in another thread", async () => {
    const source = `
      const { parentPort, workerData } = require("node:worker_threads");
      (async () => {
        const { inMacrotask } = await import(workerData + "/src/kernel/settle.ts");
        const { runOnModelledRunner } = await import(workerData + "/test/bench/modelled-runner.ts");
        parentPort.postMessage(await inMacrotask(() => runOnModelledRunner({ cores: 2, seed: 1, computingPct: 100 })));
      })();`;
    keepCodeOfTypeStripping();
    const worker = new Worker(source, { eval: true, workerData: new URL("../../", import.meta.url).href.slice(0, -1) });
    const [inWorker] = (await once(worker, "message")) as [RunnerRun];
    await worker.terminate();
    expect(inWorker).toEqual(runs.get(2));
  });

  test("takes longer on one core than on two, and is busier", () => {
    const [one, two] = [runs.get(1)!, runs.get(2)!];
    expect(pooled([one]).completionMsP95).toBeGreaterThan(pooled([two]).completionMsP95);
    expect(pooled([one]).cardsPerHour).toBeLessThan(pooled([two]).cardsPerHour);
    expect(one.coresBusyPct).toBeGreaterThan(two.coresBusyPct);
    expect(one.coresBusyPct).toBeLessThanOrEqual(100);
  });

  test("has no use for more cores than there are programs at a time", async () => {
    expect((await run({ cores: 8 })).historyHash).toBe(runs.get(16)!.historyHash);
  });

  test("takes longer where programs compute more, and answers otherwise with another seed", async () => {
    const more = await run({ computingPct: 150 });
    expect(pooled([more]).completionMsP95).toBeGreaterThan(pooled([runs.get(2)!]).completionMsP95);
    expect((await run({ seed: 2 })).historyHash).not.toBe(runs.get(2)!.historyHash);
  });
});
