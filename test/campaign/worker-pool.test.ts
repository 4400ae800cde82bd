import { expect, test } from "vitest";
import { WorkerPool, type WorkerPoolOptions } from "../../src/campaign/worker-pool.ts";
import type { SlowTask } from "./slow-worker.ts";

async function endOf(task: SlowTask, patience: Partial<WorkerPoolOptions>): Promise<string> {
  const workerUrl = new URL("slow-worker.ts", import.meta.url);
  const pool = new WorkerPool<SlowTask, string>({ workerUrl, workers: 1, settings: {}, ...patience });
  try {
    return (await pool.run(task)).kind;
  } finally {
    await pool.close();
  }
}

test("a worker may take longer before its first beat than between two", async () => {
  expect(await endOf({ does: "compute", forMs: 500 }, { stallMsMax: 50, startMsMax: 60_000 })).toBe("answered");
});

test("a worker that computes and never begins is ended", async () => {
  expect(await endOf({ does: "compute", forMs: 60_000 }, { stallMsMax: 50, startMsMax: 500 })).toBe("stalled");
});

test("a worker that cannot compute is given more time, and not for ever", async () => {
  expect(await endOf({ does: "wait", forMs: 6_000 }, { stallMsMax: 50, startMsMax: 5_000 })).toBe("answered");
  expect(await endOf({ does: "wait", forMs: 60_000 }, { stallMsMax: 50, startMsMax: 200 })).toBe("stalled");
});
