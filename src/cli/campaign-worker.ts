import { workerData } from "node:worker_threads";
import { Pulse } from "../campaign/pulse.ts";
import { TaskRunner } from "../campaign/task-runner.ts";
import type { TaskAnswer } from "../campaign/task.ts";
import type { Order, WorkerSettings } from "../campaign/worker-pool.ts";
import type { JsonValue } from "../base/json.ts";
import type { StrategyName } from "../explore/explorer.ts";
import { installGuards } from "../kernel/guards.ts";
import { inMacrotask } from "../kernel/settle.ts";
import type { Budgets } from "../limits/budgets/budgets.ts";
import { withBudgets } from "../limits/budgets/with-budgets.ts";
import { signatureOf } from "../sim/outcome.ts";
import { runCaseNow } from "../sim/run-case.ts";
import { loadCatalogue, type Catalogue, type ScenarioOptions } from "./catalogue.ts";

/** What the threads of one campaign are told. */
export interface CampaignSettings {
  readonly catalogueUrl: string;
  readonly strategy: StrategyName;
  readonly mutant?: string;
  readonly epic?: JsonValue;
  readonly budgets?: Budgets;
}

/** The entry of a worker thread: loads the scenarios once, then runs task after task. */
export async function runTask(order: Order): Promise<TaskAnswer> {
  runner ??= startRunner();
  const ready = await runner;
  return inMacrotask(() => ready.run(order.task, new Pulse(settings().memory, order.slot)));
}

/** One for the life of the thread. */
let runner: Promise<TaskRunner> | undefined;

async function startRunner(): Promise<TaskRunner> {
  const told = settings().settings as unknown as CampaignSettings;
  const catalogue = await loadCatalogue(new URL(told.catalogueUrl));
  installGuards();
  return createTaskRunner(catalogue, told);
}

function settings(): WorkerSettings {
  return workerData as WorkerSettings;
}

/** Also for running in the main thread. */
export function createTaskRunner(
  catalogue: Catalogue,
  told: Pick<CampaignSettings, "strategy" | "mutant" | "epic" | "budgets">,
): TaskRunner {
  const options: ScenarioOptions = {
    ...(told.mutant === undefined ? {} : { mutant: told.mutant }),
    ...(told.epic === undefined ? {} : { epic: told.epic }),
  };
  return new TaskRunner({
    scenarioNamed: (name) => withBudgets(catalogue.scenarioWith(name, options), told.budgets),
    strategy: told.strategy,
    runCase: runCaseNow,
    signatureOf,
  });
}
