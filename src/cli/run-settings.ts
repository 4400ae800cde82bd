import { join, relative, resolve } from "node:path";
import type { JsonValue } from "../base/json.ts";
import {
  countOf,
  seedsOfShard,
  splitEvenly,
  wholeCampaign,
  type SeedRange,
  type Shard,
} from "../campaign/seed-range.ts";
import type { StrategyName } from "../explore/explorer.ts";
import type { Budgets } from "../limits/budgets/budgets.ts";
import type { Scenario } from "../sim/scenario.ts";
import { loadCatalogue, type Catalogue } from "./catalogue.ts";
import { effectiveCpus } from "./effective-cpus.ts";
import { buildScenario, findMutant, findScenario, readEpic } from "./find-scenario.ts";
import type { Host } from "./host.ts";
import { readDuration, readInteger, readSharePpm, readStrategy } from "./option-values.ts";
import { budgetsFor } from "./project/budgets-schema.ts";
import { readReporters, type Reporter } from "./reporters/reporters.ts";
import { readShardOption } from "./shard-option.ts";
import { UsageError } from "./usage-error.ts";

/** What `run` was asked to do, checked: from here on nothing is the user's mistake. */
export interface RunSettings {
  readonly catalogue: Catalogue;
  readonly scenarios: readonly { readonly scenario: Scenario; readonly seeds: SeedRange }[];
  /** Seeds of all scenarios, or undefined when time decides. */
  readonly seedsRequested: number | undefined;
  /** For each scenario. */
  readonly durationMs: number | undefined;
  readonly strategy: StrategyName;
  readonly workers: number;
  readonly shard: Shard;
  readonly failuresMax: number;
  readonly doubleRunsPpm: number;
  readonly mutant: string | undefined;
  readonly epic: JsonValue | undefined;
  /** What every run must stay within. */
  readonly budgets: Budgets | undefined;
  /** As it is printed, and as it is opened. */
  readonly outFolder: string;
  readonly outPath: string;
  readonly json: boolean;
  /** Says of each failure why it fails. */
  readonly explains: boolean;
  /** For machines, beside what is printed. */
  readonly reporters: readonly Reporter[];
  /** A goal that is never reached makes the campaign vacuous. Not so where only a part of it runs here. */
  readonly judgesGoals: boolean;
}

export type RunFlags = Readonly<Record<string, string | boolean | undefined>>;

const seedsDefault = 2_000;
const seedsMax = 1_000_000_000;

export async function readRunSettings(names: readonly string[], flags: RunFlags, host: Host): Promise<RunSettings> {
  const text = (name: string): string | undefined => flags[name] as string | undefined;
  refuseTogether(flags, "seed", ["seeds", "for", "firstSeed", "shard"]);
  refuseTogether(flags, "for", ["seeds"]);
  const strategy = readStrategy(text("strategy") ?? "portfolio");
  const catalogue = await loadCatalogue(host.catalogueUrl);
  const { defaults } = catalogue;
  const workers = readInteger("--workers", text("workers") ?? String(defaults?.workers ?? 2), {
    min: 0,
    max: workersMax(),
  });
  const failuresMax = readInteger("--failures", text("failures") ?? "1", { min: 1, max: 1_000 });
  const doubleRunsPpm = readSharePpm("--double-runs", text("doubleRuns") ?? "1%");
  const shard = text("shard") === undefined ? wholeCampaign : readShardOption(text("shard")!, process.env);
  const firstSeed = readInteger("--first-seed", text("firstSeed") ?? "1", { min: 0, max: seedMax - seedsMax });
  const seed = text("seed") === undefined ? undefined : readInteger("--seed", text("seed")!, { min: 0, max: seedMax });
  const durationMs = text("for") === undefined ? undefined : readDuration("--for", text("for")!);
  const seeds = readInteger("--seeds", text("seeds") ?? String(defaults?.seeds ?? seedsDefault), {
    min: 1,
    max: seedsMax,
  });

  const mutant = text("mutant") === undefined ? undefined : findMutant(catalogue, text("mutant")!);
  const chosen = chooseScenarios(catalogue, names, mutant?.scenario);
  const epic = text("epic") === undefined ? undefined : readEpic(text("epic")!, host.cwd);
  const budgets = budgetsFor(catalogue.budgets, text("budget"));
  const outFolder = text("out") ?? outFolderOf(catalogue, host.cwd);
  // None in the config is no mistake; none behind the flag is.
  const reporters = text("reporter") ?? (defaults?.reporters?.join(",") || undefined);
  const shares = shareSeeds(chosen, { seed, durationMs, seeds, firstSeed, shard });
  const scenarios = chosen.map((name, index) => ({
    scenario: buildScenario(catalogue, name, { mutant: mutant?.id, epic, budgets }, text("epic")),
    seeds: shares[index]!,
  }));
  const total = shares.reduce((sum, range) => sum + countOf(range), 0);
  return {
    catalogue,
    scenarios,
    seedsRequested: durationMs === undefined ? total : undefined,
    durationMs: durationMs === undefined ? undefined : Math.max(1, Math.floor(durationMs / chosen.length)),
    strategy,
    workers,
    shard,
    failuresMax,
    doubleRunsPpm,
    mutant: mutant?.id,
    epic,
    budgets,
    outFolder,
    outPath: resolve(host.cwd, outFolder),
    explains: flags["explain"] !== false,
    json: flags["json"] === true,
    reporters: reporters === undefined ? [] : readReporters(reporters, outFolder, host.cwd),
    judgesGoals: seed === undefined && shard.count === 1 && mutant === undefined && epic === undefined,
  };
}

/** Where repro files and reports go unless `--out` says: as it is printed, relative to the working folder. */
export function outFolderOf({ defaults }: Catalogue, cwd: string): string {
  return defaults === undefined ? "reports/out" : relative(cwd, defaults.outPath) || ".";
}

/** Where a campaign keeps its runs unless `--ledger` says. */
export function ledgerFileOf(catalogue: Catalogue, cwd: string): string {
  return join(outFolderOf(catalogue, cwd), "campaign.sqlite");
}

/** Seeds are doubles in JSON. */
const seedMax = Number.MAX_SAFE_INTEGER;

function workersMax(): number {
  return Math.max(2, 4 * effectiveCpus());
}

/** @param ofMutant the scenario that a mutant brings */
export function chooseScenarios(
  catalogue: Catalogue,
  names: readonly string[],
  ofMutant: string | undefined,
): string[] {
  if (names.length > 0) return [...new Set(names.map((name) => findScenario(catalogue, name)))];
  if (ofMutant !== undefined) return [ofMutant];
  return catalogue.builtInScenarios.map(({ name }) => name);
}

interface SeedShares {
  readonly seed: number | undefined;
  readonly durationMs: number | undefined;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly shard: Shard;
}

function shareSeeds(
  scenarios: readonly string[],
  { seed, durationMs, seeds, firstSeed, shard }: SeedShares,
): SeedRange[] {
  if (seed !== undefined) return scenarios.map(() => ({ first: seed, count: 1 }));
  if (durationMs !== undefined) return scenarios.map((name) => seedsOfShard(name, firstSeed, seedsMax, shard));
  if (seeds < scenarios.length) {
    throw new UsageError({
      what: `--seeds ${seeds}`,
      why: `fewer than the ${scenarios.length} scenarios`,
      fix: `use at least ${scenarios.length}, or name fewer scenarios`,
    });
  }
  const counts = splitEvenly(seeds, scenarios.length);
  return scenarios.map((name, index) => seedsOfShard(name, firstSeed, counts[index]!, shard));
}

/** @param one and others as their flags are named: `firstSeed` is `--first-seed` */
export function refuseTogether(flags: RunFlags, one: string, others: readonly string[]): void {
  const other = others.find((name) => flags[name] !== undefined);
  if (flags[one] === undefined || other === undefined) return;
  throw new UsageError({
    what: `${flagOf(one)} with ${flagOf(other)}`,
    why: "they contradict each other",
    fix: "leave one out",
  });
}

function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
