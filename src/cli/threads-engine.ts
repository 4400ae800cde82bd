import type { JsonObject } from "../base/json.ts";
import type { ExecutorRequest, TaskExecutor } from "../campaign/task.ts";
import { ThisThread } from "../campaign/this-thread.ts";
import { WorkerPool } from "../campaign/worker-pool.ts";
import { installGuards } from "../kernel/guards.ts";
import { inMacrotask } from "../kernel/settle.ts";
import { createTaskRunner, type CampaignSettings } from "./campaign-worker.ts";
import { loadCatalogue } from "./catalogue.ts";
import type { Host } from "./host.ts";
import type { RunSettings } from "./run-settings.ts";

/** Computes on threads of this process; with no workers in this thread, without a watchdog. */
export async function threadsEngine({ workers, settings }: Omit<ExecutorRequest, "codeHash">): Promise<TaskExecutor> {
  // The story of a failure is told by a run in this thread.
  installGuards();
  if (workers === 0) {
    const told = settings as unknown as CampaignSettings;
    return new ThisThread(createTaskRunner(await loadCatalogue(new URL(told.catalogueUrl)), told), inMacrotask);
  }
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  return new WorkerPool({ workerUrl: new URL(`campaign-worker${extension}`, import.meta.url), workers, settings });
}

/** What the workers of a campaign are told. */
export function toldWorkers({ strategy, mutant, epic, budgets }: RunSettings, host: Host): JsonObject {
  const told: CampaignSettings = {
    catalogueUrl: host.catalogueUrl.href,
    strategy,
    ...(mutant === undefined ? {} : { mutant }),
    ...(epic === undefined ? {} : { epic }),
    ...(budgets === undefined ? {} : { budgets }),
  };
  return told as unknown as JsonObject;
}
