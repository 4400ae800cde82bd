import { relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { plainLine } from "../../report/plain-line.ts";
import type { Scenario } from "../../sim/scenario.ts";
import type { Catalogue } from "../catalogue.ts";
import { UsageError } from "../usage-error.ts";
import { builtInPrefix } from "./find-config.ts";
import { loadMistake } from "./load-mistake.ts";
import { serveOwnImports } from "./own-imports.ts";
import { readProject, type Project } from "./project.ts";

/**
 * What can be run in a user's project: its own scenarios, and when they are named the built-in ones. A project without
 * scenarios, as one whose config is about `serve` alone, has the built-in ones.
 *
 * @throws UsageError for a config or a scenario that does not load or is not one
 */
export async function loadProjectCatalogue(configPath: string, builtIn: Catalogue): Promise<Catalogue> {
  const project = await readProject(configPath);
  const { budgets } = project.config;
  if (project.scenarioFiles.length === 0) return { ...builtIn, budgets };
  const own = await loadScenarios(project);
  return {
    builtInScenarios: own,
    furtherScenarios: [...builtIn.builtInScenarios, ...(builtIn.furtherScenarios ?? [])].map(prefixed),
    builtInMutants: builtIn.builtInMutants.map((mutant) => ({
      ...mutant,
      scenario: `${builtInPrefix}${mutant.scenario}`,
    })),
    defaults: {
      seeds: project.config.seeds,
      workers: project.config.workers,
      outPath: resolve(project.folder, project.config.reports ?? "reports/out"),
      reporters: project.config.reporters,
    },
    budgets,
    scenarioWith(name, options) {
      if (name.startsWith(builtInPrefix)) {
        return prefixed(builtIn.scenarioWith(name.slice(builtInPrefix.length), options));
      }
      const found = own.find((scenario) => scenario.name === name);
      if (found === undefined) throw new RangeError(`there is no scenario ${name}`);
      if (options.mutant !== undefined || options.epic !== undefined) {
        throw new RangeError(`${name} is this project's own, and has no part that a mutant or an epic could replace`);
      }
      return found;
    },
  };
}

function prefixed(scenario: Scenario): Scenario {
  return { ...scenario, name: `${builtInPrefix}${scenario.name}` };
}

async function loadScenarios({ scenarioFiles, folder }: Project): Promise<readonly Scenario[]> {
  serveOwnImports();
  const fileOf = new Map<string, string>();
  const scenarios: Scenario[] = [];
  for (const path of scenarioFiles) {
    const file = relative(folder, path);
    const scenario = await loadScenario(path);
    const other = fileOf.get(scenario.name);
    if (other !== undefined) {
      throw new UsageError({
        what: `scenario ${scenario.name}`,
        why: `is in ${other} and in ${file}`,
        fix: "give each a name of its own",
      });
    }
    fileOf.set(scenario.name, file);
    scenarios.push(scenario);
  }
  return scenarios;
}

async function loadScenario(path: string): Promise<Scenario> {
  let loaded: { readonly default?: unknown };
  try {
    loaded = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  } catch (error) {
    throw loadMistake(path, error);
  }
  const { default: scenario } = loaded;
  if (isScenario(scenario)) return scenario;
  const exported = Object.keys(loaded);
  throw new UsageError({
    what: path,
    why:
      scenario === undefined
        ? `has no default export${exported.length === 0 ? "" : `, only ${plainLine(exported.join(", "), 100)}`}`
        : "its default export is no scenario",
    fix: "write: export default defineScenario({...})",
  });
}

/** What `defineScenario` gives, or somebody wrote by hand in its shape. */
function isScenario(value: unknown): value is Scenario {
  if (typeof value !== "object" || value === null) return false;
  const { name, workloads, build, faults, invariants, sometimes, bounds } = value as Partial<Scenario>;
  return (
    typeof name === "string" &&
    name !== "" &&
    !name.includes(":") &&
    typeof workloads?.draw === "function" &&
    typeof build === "function" &&
    Array.isArray(faults?.families) &&
    Array.isArray(invariants) &&
    Array.isArray(sometimes) &&
    typeof bounds?.stepsMax === "number"
  );
}
