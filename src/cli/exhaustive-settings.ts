import { resolve } from "node:path";
import type { Enumeration } from "../explore/exhaustive/prove.ts";
import type { Scenario } from "../sim/scenario.ts";
import { loadCatalogue, scenarioNames } from "./catalogue.ts";
import { buildScenario, findMutant, findScenario } from "./find-scenario.ts";
import type { Host } from "./host.ts";
import { readInteger } from "./option-values.ts";
import { outFolderOf, type RunFlags } from "./run-settings.ts";
import { isSystemUrl } from "./system/system-url.ts";
import { UsageError } from "./usage-error.ts";

export const exhaustiveStrategy = "exhaustive";

/** What `run --strategy exhaustive` was asked to do, checked. */
export interface ExhaustiveSettings {
  readonly scenarios: readonly Scenario[];
  readonly enumeration: Enumeration;
  /** Of all scenarios: without kills even where the scenario allows one. */
  readonly withoutFaults: boolean;
  /** For each scenario. */
  readonly runsMax: number;
  readonly mutant: string | undefined;
  readonly outFolder: string;
  readonly outPath: string;
  readonly json: boolean;
}

const runsMaxDefault = "100000";
const runsMaxMost = 100_000_000;
/** Far more than any schedule has races. */
const reversalsMost = 1_000;

/** Flags of a campaign over seeds, which mean nothing where every schedule is run. */
const seedFlags = ["seeds", "for", "seed", "firstSeed", "shard", "epic", "reporter"] as const;
/** Flags that mean something here alone. */
const ownFlags = ["reversals", "runsMax", "reduction", "faults"] as const;

export async function readExhaustiveSettings(
  names: readonly string[],
  flags: RunFlags,
  host: Host,
): Promise<ExhaustiveSettings> {
  const text = (name: string): string | undefined => flags[name] as string | undefined;
  for (const name of seedFlags) {
    if (flags[name] !== undefined) {
      throw new UsageError({
        what: `${flagOf(name)} with --strategy exhaustive`,
        why: "every schedule is run, and there are no seeds",
        fix: "leave it out; --runs-max bounds the work",
      });
    }
  }
  if (flags["budget"] !== undefined) {
    throw new UsageError({
      what: "--budget with --strategy exhaustive",
      why: "schedules that reach the same states are run once, and may take more or less",
      fix: "leave it out, or run seeds",
    });
  }
  const runsMax = readInteger("--runs-max", text("runsMax") ?? runsMaxDefault, { min: 1, max: runsMaxMost });
  const enumeration = readEnumeration(text("reduction"), text("reversals"));
  const faults = readInteger("--faults", text("faults") ?? "1", { min: 0, max: 1 });
  const catalogue = await loadCatalogue(host.catalogueUrl);
  const mutant = text("mutant") === undefined ? undefined : findMutant(catalogue, text("mutant")!).id;
  // Of a system there is but one.
  const named = names.length === 0 && isSystemUrl(host.catalogueUrl) ? scenarioNames(catalogue) : names;
  if (named.length === 0) {
    throw new UsageError({
      what: "run --strategy exhaustive without a scenario",
      why: "most scenarios have too many schedules to run them all",
      fix: "name small ones, as small-claim or small-spawner",
    });
  }
  const outFolder = text("out") ?? outFolderOf(catalogue, host.cwd);
  return {
    scenarios: [...new Set(named.map((name) => findScenario(catalogue, name)))].map((name) =>
      withExamples(buildScenario(catalogue, name, { mutant, epic: undefined })),
    ),
    enumeration,
    withoutFaults: faults === 0,
    runsMax,
    mutant,
    outFolder,
    outPath: resolve(host.cwd, outFolder),
    json: flags["json"] === true,
  };
}

/** Of no workload every schedule would hold. */
function withExamples(scenario: Scenario): Scenario {
  if (scenario.workloads.scripted.length > 0) return scenario;
  throw new UsageError({
    what: `run --strategy exhaustive ${scenario.name}`,
    why: "it goes over a scenario's examples, and this one has none",
    fix: "give defineScenario examples, small ones, or leave `examples` out to take the first that are drawn",
  });
}

/** Refuses what only `exhaustive` takes. Call it for every other strategy. */
export function refuseExhaustiveFlags(flags: RunFlags): void {
  const given = ownFlags.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  throw new UsageError({
    what: `${flagOf(given)} without --strategy exhaustive`,
    why: "only a run over every schedule takes it",
    fix: "add --strategy exhaustive, or leave it out",
  });
}

function readEnumeration(reduction = "source-sets", reversals: string | undefined): Enumeration {
  if (reduction !== "source-sets" && reduction !== "none") {
    throw new UsageError({
      what: `--reduction ${reduction}`,
      why: "there is no such reduction",
      fix: "use source-sets or none",
    });
  }
  if (reversals === undefined) return { kind: reduction };
  if (reduction === "none") {
    throw new UsageError({
      what: "--reversals with --reduction none",
      why: "races are what the reduction finds",
      fix: "leave one out",
    });
  }
  return { kind: "reversals", max: readInteger("--reversals", reversals, { min: 0, max: reversalsMost }) };
}

function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
