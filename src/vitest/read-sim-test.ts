import { seedsOfShard, splitEvenly, wholeCampaign, type SeedRange, type Shard } from "../campaign/seed-range.ts";
import { builtInCatalogueUrl, loadCatalogue } from "../cli/catalogue.ts";
import { buildScenario, findMutant, findScenario } from "../cli/find-scenario.ts";
import { suggestName } from "../cli/nearest-name.ts";
import { budgetsFor, readBudgetsMember } from "../cli/project/budgets-schema.ts";
import { findConfig } from "../cli/project/find-config.ts";
import { readProject } from "../cli/project/project.ts";
import { readInteger, wrongValue } from "../cli/option-values.ts";
import { readShardOption } from "../cli/shard-option.ts";
import { UsageError } from "../cli/usage-error.ts";
import { strategyNames, type StrategyName } from "../explore/explorer.ts";
import type { Budgets } from "../limits/budgets/budgets.ts";
import { withBudgets } from "../limits/budgets/with-budgets.ts";
import type { FaultSettings, Scenario } from "../sim/scenario.ts";
import { seedsDefault, timeoutMsOf, variable, type Environment, type NamedSimTestOptions } from "./sim-test-options.ts";

/** What a simulated test is to do, checked. */
export interface SimTestSettings {
  readonly scenario: Scenario;
  readonly mutant: string | undefined;
  /** What every run must stay within: the scenario judges them. */
  readonly budgets: Budgets | undefined;
  readonly searches: readonly Search[];
  /** For all of them together. */
  readonly timeBudgetMs: number | undefined;
  readonly timeoutMs: number;
  readonly stallMsMax: number;
  readonly shard: Shard;
  readonly judgesGoals: boolean;
  /** One seed was asked for: what was kept is not run. */
  readonly oneSeed: boolean;
  readonly reproFolder: string;
  readonly explains: boolean;
}

/** Seeds that are run by one strategy. */
export interface Search {
  readonly strategy: StrategyName;
  readonly seeds: SeedRange;
}

/** @throws UsageError for options, or variables of the environment, that make no sense */
export async function readSimTest(
  options: NamedSimTestOptions | undefined,
  environment: Environment,
): Promise<SimTestSettings> {
  refuseUnknown(options);
  const { mutant } = options;
  const budgets = await budgetsOf(options);
  const scenario = withBudgets(withFaults(await findScenarioOf(options), options.faults), budgets);
  const seed = variable(environment, "STORMLANE_SEED");
  const shard = shardOf(environment);
  return {
    scenario,
    mutant,
    budgets,
    searches: searchesOf(scenario, options, shard, environment),
    // A number of seeds from the environment is meant, however long it takes.
    timeBudgetMs:
      variable(environment, "STORMLANE_SEEDS") === undefined ? readTime("timeBudgetMs", options) : undefined,
    timeoutMs: readTime("timeoutMs", options) ?? timeoutMsOf(options, environment),
    stallMsMax: readTime("stallMsMax", options) ?? 10_000,
    shard,
    judgesGoals:
      readFlag("allowVacuous", options) !== true && seed === undefined && shard.count === 1 && mutant === undefined,
    oneSeed: seed !== undefined,
    reproFolder: readFolder(options),
    explains: readFlag("explain", options) ?? true,
  };
}

function searchesOf(
  scenario: Scenario,
  options: NamedSimTestOptions,
  shard: Shard,
  environment: Environment,
): readonly Search[] {
  const strategies = readStrategies(options);
  const seed = variable(environment, "STORMLANE_SEED");
  const seeds = variable(environment, "STORMLANE_SEEDS");
  if (seed !== undefined && seeds !== undefined) {
    throw new UsageError({
      what: "STORMLANE_SEED with STORMLANE_SEEDS",
      why: "one says which seed is run, the other how many",
      fix: "leave one out",
    });
  }
  if (seed !== undefined) {
    const first = readInteger("STORMLANE_SEED", seed, { min: 0, max: Number.MAX_SAFE_INTEGER });
    return strategies.map((strategy) => ({ strategy, seeds: { first, count: 1 } }));
  }
  const first = readInteger("firstSeed", String(options.firstSeed ?? 1), { min: 0, max: firstSeedMax });
  const count =
    seeds === undefined ? readSeeds(options) : readInteger("STORMLANE_SEEDS", seeds, { min: 1, max: seedsMax });
  const counts = splitEvenly(Math.max(count, strategies.length), strategies.length);
  return strategies.map((strategy, index) => ({
    strategy,
    seeds: seedsOfShard(scenario.name, first, counts[index]!, shard),
  }));
}

const seedsMax = 1_000_000_000;
const firstSeedMax = Number.MAX_SAFE_INTEGER - seedsMax;

function readSeeds({ seeds, timeBudgetMs }: NamedSimTestOptions): number {
  const otherwise = timeBudgetMs === undefined ? seedsDefault : seedsMax;
  return readInteger("seeds", String(seeds ?? otherwise), { min: 1, max: seedsMax });
}

function readStrategies({ strategies = ["portfolio"] }: NamedSimTestOptions): readonly StrategyName[] {
  const given: readonly unknown[] = Array.isArray(strategies) ? strategies : [strategies];
  if (given.length === 0)
    throw wrongValue("strategies", "[]", "none is named", `choose from ${strategyNames.join(", ")}`);
  return [...new Set(given.map(strategyNamed))];
}

function strategyNamed(given: unknown): StrategyName {
  const found = strategyNames.find((name) => name === given);
  if (found !== undefined) return found;
  throw wrongValue("strategies", String(given), "no such strategy", suggestName(String(given), strategyNames));
}

function shardOf(environment: Environment): Shard {
  const text = variable(environment, "STORMLANE_SHARD");
  return text === undefined ? wholeCampaign : readShardOption(text, environment);
}

function readTime(name: "timeBudgetMs" | "timeoutMs" | "stallMsMax", options: NamedSimTestOptions): number | undefined {
  const value = options[name];
  return value === undefined ? undefined : readInteger(name, String(value), { min: 1, max: timeMsMax });
}

/** A week. */
const timeMsMax = 7 * 24 * 3_600_000;

function readFlag(name: "allowVacuous" | "explain", options: NamedSimTestOptions): boolean | undefined {
  const value = options[name];
  if (value === undefined || typeof value === "boolean") return value;
  throw wrongValue(name, String(value), "neither true nor false", "use one of these");
}

/** Those of the project that the tests are in, and over them what the test says. */
async function budgetsOf({ budgets }: NamedSimTestOptions): Promise<Budgets | undefined> {
  if (budgets === false) return undefined;
  const config = findConfig(process.cwd());
  const ofProject = config === undefined ? undefined : (await readProject(config)).config.budgets;
  return budgetsFor({ ...ofProject, ...readBudgetsMember("simTest: budgets", budgets ?? {}) }, undefined);
}

function readFolder(options: NamedSimTestOptions): string {
  const reproFolder: unknown = options.reproFolder ?? ".stormlane/failures";
  if (typeof reproFolder === "string" && reproFolder !== "") return reproFolder;
  throw wrongValue(
    "reproFolder",
    JSON.stringify(reproFolder),
    "not a folder",
    "name one, from the root of the project",
  );
}

const optionNames = [
  "scenario",
  "seeds",
  "firstSeed",
  "timeBudgetMs",
  "strategies",
  "mutant",
  "faults",
  "budgets",
  "allowVacuous",
  "reproFolder",
  "explain",
  "timeoutMs",
  "stallMsMax",
] as const satisfies readonly (keyof NamedSimTestOptions)[];

function refuseUnknown(options: NamedSimTestOptions | undefined): asserts options is NamedSimTestOptions {
  if (typeof options !== "object") {
    throw wrongValue("simTest", String(options), "no options", 'use simTest("name", { scenario, seeds: 200 })');
  }
  const unknown = Object.keys(options).find((name) => !optionNames.some((known) => known === name));
  if (unknown !== undefined) {
    throw wrongValue("simTest: option", unknown, "there is none of that name", suggestName(unknown, optionNames));
  }
}

async function findScenarioOf({ scenario, mutant }: NamedSimTestOptions): Promise<Scenario> {
  if (mutant === undefined && typeof scenario !== "string") return checkedScenario(scenario);
  if (scenario !== undefined && typeof scenario !== "string") {
    throw new UsageError({
      what: `mutant ${String(mutant)} of a scenario of your own`,
      why: "mutants are known of built-in scenarios alone",
      fix: "build your scenario around the changed system and leave the option out",
    });
  }
  const catalogue = await loadCatalogue(builtInCatalogueUrl);
  const ofMutant = mutant === undefined ? undefined : findMutant(catalogue, mutant, "mutant").scenario;
  const name = scenario === undefined ? ofMutant! : findScenario(catalogue, scenario);
  return buildScenario(catalogue, name, { mutant, epic: undefined });
}

/** What is looked at of a scenario before it runs: the parts without which nothing would. */
export function checkedScenario(given: unknown, caller = "simTest"): Scenario {
  const isObject = typeof given === "object" && given !== null;
  const missing = isObject ? missingPart(given) : undefined;
  if (isObject && missing === undefined) return given as Scenario;
  throw new UsageError({
    what: `${caller}: scenario`,
    why: isObject ? `is none: it has no ${missing}` : `is none: it is ${given === null ? "null" : typeof given}`,
    fix: "import one, or make one of the shape that docs/vitest.md shows",
  });
}

function missingPart(scenario: Partial<Scenario>): string | undefined {
  if (typeof scenario.name !== "string" || scenario.name === "") return "name";
  if (typeof scenario.build !== "function") return "build(world, workload)";
  const { workloads } = scenario;
  if (typeof workloads?.draw !== "function" || !Array.isArray(workloads.scripted)) return "workloads";
  if (typeof scenario.faults !== "object") return "faults";
  if (!Array.isArray(scenario.invariants)) return "invariants";
  if (!Array.isArray(scenario.sometimes)) return "sometimes";
  return typeof scenario.bounds === "object" ? undefined : "bounds";
}

function withFaults(scenario: Scenario, faults: NamedSimTestOptions["faults"]): Scenario {
  if (faults === undefined) return scenario;
  if (faults !== false && (typeof faults !== "object" || faults === null)) {
    throw wrongValue("faults", String(faults), "neither settings nor false", "see docs/vitest.md");
  }
  return { ...scenario, faults: faults === false ? withoutFaults(scenario.faults) : { ...scenario.faults, ...faults } };
}

function withoutFaults({ faultsUntilMs, restartAfterMsMax }: FaultSettings): FaultSettings {
  return { families: [], faultsMax: 0, faultsUntilMs, restartAfterMsMax };
}
