import { expect, test } from "vitest";
import { WorkerPool, type WorkerPoolOptions } from "../../src/campaign/worker-pool.ts";

async function endOf(taskMs: number, patience: Partial<WorkerPoolOptions>): Promise<string> {
  const workerUrl = new URL("slow-worker.ts", import.meta.url);
  const pool = new WorkerPool<number, string>({ workerUrl, workers: 1, settings: {}, ...patience });
  try {
    return (await pool.run(taskMs)).kind;
  } finally {
    await pool.close();
  }
}

test("a worker may take longer before its first beat than between two", async () => {
  expect(await endOf(500, { stallMsMax: 50, startMsMax: 60_000 })).toBe("answered");
});

test("a worker that never begins is ended", async () => {
  expect(await endOf(60_000, { stallMsMax: 50, startMsMax: 200 })).toBe("stalled");
});
