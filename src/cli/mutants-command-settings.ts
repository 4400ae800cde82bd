import { resolve } from "node:path";
import type { StrategyName } from "../explore/explorer.ts";
import { loadCatalogue, type MutantEntry } from "./catalogue.ts";
import { effectiveCpus } from "./effective-cpus.ts";
import { findMutant } from "./find-scenario.ts";
import type { Host } from "./host.ts";
import { readInteger, readStrategy, wrongValue } from "./option-values.ts";

export interface MutantsFlags {
  readonly strategy?: string;
  readonly trials?: string;
  readonly runsMax?: string;
  readonly cpuSeconds?: string;
  readonly workers?: string;
  readonly corpus?: string;
  readonly markdown?: string;
  readonly record?: string;
  readonly json?: boolean;
  readonly peers?: boolean;
}

/** What `mutants` was asked to do, checked. */
export interface MutantsSettings {
  readonly mutants: readonly MutantEntry[];
  /** Whether they were named one by one. */
  readonly isSelection: boolean;
  /** Each once; the first is what the others are held against. */
  readonly strategies: readonly StrategyName[];
  readonly trials: number;
  readonly runsMax: number;
  readonly cpuSeconds: number;
  readonly workers: number;
  readonly corpusPath: string;
  readonly markdownFile: string | undefined;
  readonly recordFile: string | undefined;
  readonly json: boolean;
  readonly peers: boolean;
}

export async function readMutantsSettings(
  ids: readonly string[],
  flags: MutantsFlags,
  host: Host,
): Promise<MutantsSettings> {
  const strategies = readStrategies(flags.strategy ?? "portfolio");
  const trials = readInteger("--trials", flags.trials ?? "5", { min: 1, max: 1_000 });
  const runsMax = readInteger("--runs-max", flags.runsMax ?? "20000", { min: 1, max: 10_000_000 });
  const cpuSeconds = readInteger("--cpu-seconds", flags.cpuSeconds ?? "30", { min: 1, max: 3_600 });
  const workersMax = Math.max(2, 4 * effectiveCpus());
  const workers = readInteger("--workers", flags.workers ?? "2", { min: 1, max: workersMax });
  const catalogue = await loadCatalogue(host.catalogueUrl);
  const mutants = [...new Set(ids)].map((id) => findMutant(catalogue, id, "mutant"));
  return {
    mutants: mutants.length === 0 ? catalogue.builtInMutants : mutants,
    isSelection: mutants.length > 0,
    strategies,
    trials,
    runsMax,
    cpuSeconds,
    workers,
    corpusPath: resolve(host.cwd, flags.corpus ?? "reports/corpus"),
    markdownFile: flags.markdown,
    recordFile: flags.record,
    json: flags.json === true,
    peers: flags.peers === true,
  };
}

function readStrategies(text: string): StrategyName[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw wrongValue("--strategy", text, "an empty name", "use names with commas between them");
  return [...new Set(names.map(readStrategy))];
}
