import { Worker } from "node:worker_threads";
import { keepCodeOfTypeStripping } from "../../real/type-stripping.ts";
import { UsageError } from "../usage-error.ts";
import type { Trouble } from "./start-trouble.ts";

/** What another thread is asked to try. */
export interface ProbeOrder {
  readonly path: string;
}

/** A system that has not come up after so long in real time never will. */
const startMsMax = 20_000;

/**
 * Runs a system once with nothing wrong. One that does not come up, or asks for what cannot be had, fails in every run alike:
 * that is said once, before any seed is spent. In a thread of its own, so that one that never gives the turn back can be ended.
 *
 * @param what the user calls it
 * @throws UsageError
 */
export async function probeSystem(path: string, what: string, wallMsMax: number = startMsMax): Promise<void> {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const order: ProbeOrder = { path };
  keepCodeOfTypeStripping();
  const worker = new Worker(new URL(`probe-worker${extension}`, import.meta.url), { workerData: order });
  try {
    const trouble = await answerOf(worker, wallMsMax);
    if (trouble !== undefined) throw new UsageError({ what, ...trouble });
  } finally {
    await worker.terminate();
  }
}

function answerOf(worker: Worker, wallMsMax: number): Promise<Trouble | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(standsStill(wallMsMax)), wallMsMax);
    const end =
      <Value>(settle: (value: Value) => void) =>
      (value: Value): void => {
        clearTimeout(timer);
        settle(value);
      };
    worker.once("message", end(resolve));
    worker.once("error", end(reject));
  });
}

function standsStill(wallMsMax: number): Trouble {
  return {
    why: `never gives the turn back: after ${wallMsMax / 1_000} s of real time it still computes`,
    fix: "look for a loop that waits for nothing",
  };
}
