import type { JsonObject } from "../base/json.ts";
import { WorkerPool } from "../campaign/worker-pool.ts";
import { Explorer } from "../explore/explorer.ts";
import { inMacrotask } from "../kernel/settle.ts";
import { signatureOf } from "../sim/outcome.ts";
import { runCaseNow } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import type { CampaignSettings } from "./campaign-worker.ts";
import { loadCatalogue } from "./catalogue.ts";
import { buildScenario, findMutant, findScenario, readEpic } from "./find-scenario.ts";
import type { Host } from "./host.ts";
import { readStrategy } from "./option-values.ts";
import { budgetsFor } from "./project/budgets-schema.ts";
import { ownVersion } from "./own-package.ts";
import type { SeedTarget } from "./replay.ts";
import type { Repro } from "./repro-file.ts";
import type { RunFlags } from "./run-settings.ts";

export type SeedReplay =
  | { readonly kind: "found"; readonly scenario: Scenario; readonly repro: Repro }
  | { readonly kind: "stalled"; readonly message: string };

/** Finds the case that a seed stands for on this version of the code, and what it comes to. */
export async function replaySeed(target: SeedTarget, flags: RunFlags, host: Host): Promise<SeedReplay> {
  const strategy = readStrategy((flags["strategy"] as string | undefined) ?? "portfolio");
  const catalogue = await loadCatalogue(host.catalogueUrl);
  const name = findScenario(catalogue, target.scenario);
  const mutant = typeof flags["mutant"] === "string" ? findMutant(catalogue, flags["mutant"]).id : undefined;
  const epic = typeof flags["epic"] === "string" ? readEpic(flags["epic"], host.cwd) : undefined;
  const budgets = budgetsFor(catalogue.budgets, flags["budget"] as string | undefined);
  const scenario = buildScenario(catalogue, name, { mutant, epic, budgets }, String(flags["epic"]));
  const settings: CampaignSettings = {
    catalogueUrl: host.catalogueUrl.href,
    strategy,
    ...(mutant === undefined ? {} : { mutant }),
    ...(epic === undefined ? {} : { epic }),
    ...(budgets === undefined ? {} : { budgets }),
  };
  const stalled = await probe(name, target.seed, settings);
  if (stalled !== undefined) return { kind: "stalled", message: stalled };
  return inMacrotask(() => {
    const plan = new Explorer(scenario, strategy, runCaseNow).plan(target.seed);
    const outcome = runCaseNow(scenario, plan.case, plan.exploration);
    const { verdict } = outcome;
    const repro: Repro = {
      stormlane: ownVersion(),
      format: 1,
      case: JSON.parse(JSON.stringify(outcome.realised())) as Repro["case"],
      expected: {
        signature: signatureOf(verdict),
        invariant: verdict.kind === "violated" ? verdict.violation.invariant : verdict.kind,
        message: verdict.kind === "violated" ? verdict.violation.message : "",
      },
      foundBy: { seed: target.seed, strategy: plan.strategy },
      mutant,
      epic,
      budgets,
    };
    return { kind: "found", scenario, repro };
  });
}

/** @returns why the seed cannot be run in this thread */
async function probe(scenario: string, seed: number, settings: CampaignSettings): Promise<string | undefined> {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const pool = new WorkerPool({
    workerUrl: new URL(`campaign-worker${extension}`, import.meta.url),
    workers: 1,
    settings: settings as unknown as JsonObject,
  });
  try {
    const end = await pool.run({ kind: "locate", scenario, seed });
    switch (end.kind) {
      case "answered":
        return undefined;
      case "stalled":
        return `after ${end.site} simulated code never gave the turn back`;
      case "died":
        return `the worker that ran it ended: ${end.why}`;
      case "stopped":
        return "stopped";
    }
  } finally {
    await pool.close();
  }
}
