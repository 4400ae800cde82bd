import { workerData } from "node:worker_threads";
import { Pulse } from "../campaign/pulse.ts";
import type { Order, WorkerSettings } from "../campaign/worker-pool.ts";
import { installGuards } from "../kernel/guards.ts";
import { inMacrotask } from "../kernel/settle.ts";
import { attemptOf, type Attempt } from "../shrink/attempt.ts";
import { shrinkCase, type Shrunk } from "../shrink/shrink-case.ts";
import type { Case } from "../sim/case.ts";
import { signatureOf } from "../sim/outcome.ts";
import { runCaseNow } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import { runTrial } from "../trials/run-trial.ts";
import type { Trial, TrialResult } from "../trials/trial.ts";
import { loadCatalogue, type Catalogue } from "./catalogue.ts";
import { threadCpuMs } from "./thread-cpu.ts";

/** What a thread is asked to do. Plain data. */
export type MutantTask =
  | { readonly kind: "trial"; readonly trial: Trial }
  | { readonly kind: "shrink"; readonly trial: Trial; readonly case: Case; readonly signature: string }
  /** Runs one case. */
  | { readonly kind: "judge"; readonly mutant: string; readonly scenario: string; readonly case: Case };

export type MutantAnswer =
  | { readonly kind: "tried"; readonly result: TrialResult }
  | { readonly kind: "shrunk"; readonly shrunk: Shrunk }
  | { readonly kind: "judged"; readonly attempt: Attempt };

export interface MutantWorkerSettings {
  readonly catalogueUrl: string;
}

/** The entry of a worker thread: loads the scenarios once, then does task after task. */
export async function runTask({ task, slot }: Order<MutantTask>): Promise<MutantAnswer> {
  const { memory, settings } = workerData as WorkerSettings;
  loading ??= load(settings as unknown as MutantWorkerSettings);
  return answer(task, await loading, new Pulse(memory, slot));
}

/** One for the life of the thread. */
let loading: Promise<Catalogue> | undefined;

async function load({ catalogueUrl }: MutantWorkerSettings): Promise<Catalogue> {
  const loaded = await loadCatalogue(new URL(catalogueUrl));
  installGuards();
  return loaded;
}

async function answer(task: MutantTask, catalogue: Catalogue, pulse: Pulse): Promise<MutantAnswer> {
  switch (task.kind) {
    case "trial": {
      const { trial } = task;
      const scenario = catalogue.scenarioWith(trial.scenario, { mutant: trial.mutant });
      const onRun = (seed: number): void => pulse.enter(seed);
      const options = { scenario, runCase: runCaseNow, signatureOf, cpuMs: threadCpuMs, onRun, heartbeat: pulse.beat };
      return { kind: "tried", result: await inMacrotask(() => runTrial(trial, options)) };
    }
    case "shrink": {
      const scenario = catalogue.scenarioWith(task.trial.scenario, { mutant: task.trial.mutant });
      return { kind: "shrunk", shrunk: await shrink(scenario, task, pulse) };
    }
    case "judge": {
      const scenario = catalogue.scenarioWith(task.scenario, { mutant: task.mutant });
      return { kind: "judged", attempt: await judge(scenario, task.case, pulse) };
    }
  }
}

function shrink(
  scenario: Scenario,
  { case: failing, signature }: Extract<MutantTask, { kind: "shrink" }>,
  pulse: Pulse,
): Promise<Shrunk> {
  const startMs = threadCpuMs();
  return shrinkCase(failing, {
    signature,
    executionsMax: 1_000,
    isSpent: () => threadCpuMs() - startMs > shrinkCpuMsMax,
    accepts: (workload) => scenario.workloads.refuse(workload) === undefined,
    attempt: (candidate) => judge(scenario, candidate, pulse),
  });
}

function judge(scenario: Scenario, input: Case, pulse: Pulse): Promise<Attempt> {
  return inMacrotask(() => {
    pulse.enter(input.drawSeed);
    const outcome = runCaseNow(scenario, input, { heartbeat: pulse.beat });
    return attemptOf(input, outcome, signatureOf(outcome.verdict));
  });
}

const shrinkCpuMsMax = 20_000;
