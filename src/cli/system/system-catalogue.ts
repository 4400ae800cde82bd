import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import type { Scenario } from "../../sim/scenario.ts";
import type { Catalogue } from "../catalogue.ts";
import { UsageError } from "../usage-error.ts";
import { compileMistake } from "./compile-mistake.ts";
import { probeSystem } from "./probe-system.ts";
import { readSystemConfig, type SystemConfig } from "./system-config.ts";
import { systemScenario } from "./system-scenario.ts";

/** @throws UsageError for a file that does not load, or does not run */
export async function loadSystemCatalogue(url: URL): Promise<Catalogue> {
  const path = fileURLToPath(url);
  const config = readSystemConfig(path);
  const scenario = compiled(config);
  if (isMainThread) await probeSystem(path, `--system ${relative(process.cwd(), path)}`);
  return {
    builtInScenarios: [scenario],
    builtInMutants: [],
    scenarioLasting: (_name, forMsMin) => systemScenario({ ...config, forMs: Math.max(config.forMs, forMsMin) }),
    scenarioWith(name, options) {
      if (options.mutant !== undefined || options.epic !== undefined) {
        throw new UsageError({
          what: options.mutant === undefined ? "--epic with --system" : "--mutant with --system",
          why: `${name} is a system of your own, and has no part that a mutant or an epic could replace`,
          fix: "leave it out",
        });
      }
      return scenario;
    },
  };
}

function compiled(config: SystemConfig): Scenario {
  const { path } = config;
  try {
    return systemScenario(config);
  } catch (error) {
    throw compileMistake(path, error);
  }
}
