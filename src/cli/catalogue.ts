import { pathToFileURL } from "node:url";
import type { JsonValue } from "../base/json.ts";
import type { Budgets } from "../limits/budgets/budgets.ts";
import type { Scenario } from "../sim/scenario.ts";
import { configOfCatalogue, findConfig } from "./project/find-config.ts";
import { isSystemUrl } from "./system/system-url.ts";

/** The scenarios and mutants that a run can name. `scenarios/index.ts` is one. */
export interface Catalogue {
  /** What runs when nothing is named. */
  readonly builtInScenarios: readonly Scenario[];
  /** What runs only when it is named. */
  readonly furtherScenarios?: readonly Scenario[];
  readonly builtInMutants: readonly MutantEntry[];
  /** What `run` and `campaign` do here unless they are told otherwise. */
  readonly defaults?: CommandDefaults;
  /** What every run here must stay within, beside what holds anyway. */
  readonly budgets?: Budgets | undefined;
  /** The same, with runs of at least so long: where how long they are is nobody's decision about the system. */
  scenarioLasting?(name: string, forMsMin: number): Scenario;
  /** Builds a scenario around a mutant of the system, or with an epic of the caller's own. Throws when it cannot. */
  scenarioWith(name: string, options: ScenarioOptions): Scenario;
}

export function scenarioNames({ builtInScenarios, furtherScenarios = [] }: Catalogue): readonly string[] {
  return [...builtInScenarios, ...furtherScenarios].map(({ name }) => name);
}

export interface CommandDefaults {
  readonly seeds?: number | undefined;
  readonly workers?: number | undefined;
  /** Absolute: where repro files and reports go. */
  readonly outPath: string;
  /** As in `--reporter`. */
  readonly reporters?: readonly string[] | undefined;
}

export interface MutantEntry {
  readonly id: string;
  readonly title: string;
  readonly scenario: string;
  /** Invariants of which one must be broken. */
  readonly expects: readonly string[];
}

export interface ScenarioOptions {
  readonly mutant?: string;
  readonly epic?: JsonValue;
}

/** Beside `src/` in the clone, beside `dist/src/` after the build: then it is JavaScript. */
export const builtInCatalogueUrl = new URL(
  `../../scenarios/index${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
  import.meta.url,
);

/** Where the scenarios of a command come from: the project that its user is in, or this package. */
export function catalogueUrlFor(cwd: string): URL {
  const config = findConfig(cwd);
  return config === undefined ? builtInCatalogueUrl : pathToFileURL(config);
}

/** @param url of a module that is one, or of the config of a user's project */
export async function loadCatalogue(url: URL): Promise<Catalogue> {
  if (isSystemUrl(url)) return (await import("./system/system-catalogue.ts")).loadSystemCatalogue(url);
  const config = configOfCatalogue(url);
  if (config !== undefined) {
    const { loadProjectCatalogue } = await import("./project/project-catalogue.ts");
    return loadProjectCatalogue(config, await loadCatalogue(builtInCatalogueUrl));
  }
  return (await import(url.href)) as Catalogue;
}
