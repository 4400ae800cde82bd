import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";
import { CompileError } from "../../inprocess/loading/compile.ts";
import { MissingImport } from "../../inprocess/loading/source-tree.ts";
import { plainLine } from "../../report/plain-line.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { Catalogue } from "../catalogue.ts";
import { loadMistake } from "../project/load-mistake.ts";
import { UsageError } from "../usage-error.ts";
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
        throw new RangeError(`${name} is a system of your own, and has no part that a mutant or an epic could replace`);
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
    if (!(error instanceof CompileError)) throw loadMistake(path, error);
    throw new UsageError({
      what: `--system ${relative(process.cwd(), path)}`,
      why: `${relative(process.cwd(), error.path)}: ${plainLine(error.message, 300)}`,
      fix: fixFor(error),
    });
  }
}

function fixFor(error: CompileError): string {
  if (error instanceof MissingImport) return "install it, or mend what it is imported by";
  if (error.path.endsWith(".node")) return "use a package without one, or run it with stormlane live";
  return "mend the syntax";
}
