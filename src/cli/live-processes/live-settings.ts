import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { readLiveConfig, type LivePlan } from "../../live/live-config.ts";
import { readScenarioFile, ScenarioMistake, type ScenarioFile } from "../../serving/scenario-file.ts";
import type { Host } from "../host.ts";
import { readDuration, readInteger } from "../option-values.ts";
import { loadMistake } from "../project/load-mistake.ts";
import { serveOwnImports } from "../project/own-imports.ts";
import { UsageError } from "../usage-error.ts";

export interface LiveFlags {
  readonly config?: string;
  readonly runs?: string;
  readonly for?: string;
  readonly firstSeed?: string;
  readonly faults?: string;
  readonly plain?: boolean;
  readonly replay?: string;
  readonly times?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** What `live` was asked to do, checked. */
export interface LiveSettings {
  /** As it is printed. */
  readonly configFile: string;
  readonly plan: LivePlan;
  readonly scenario: ScenarioFile;
  /** Absolute; null when it stands in the config. */
  readonly scenarioFile: string | null;
  /** Absolute. */
  readonly workspace: string | undefined;
  readonly runs: number;
  readonly durationMs: number | undefined;
  readonly firstSeed: number;
  readonly faultsMax: number;
  readonly plain: boolean;
  readonly replay: string | undefined;
  readonly times: number;
  readonly outFolder: string;
  readonly json: boolean;
}

export async function readLiveSettings(flags: LiveFlags, host: Host): Promise<LiveSettings> {
  if (flags.plain === true && flags.replay !== undefined) {
    throw new UsageError({ what: "--plain and --replay", why: "they contradict each other", fix: "leave one out" });
  }
  const runs = readInteger("--runs", flags.runs ?? (flags.for === undefined ? "50" : "1000000"), {
    min: 1,
    max: 1_000_000,
  });
  const durationMs = flags.for === undefined ? undefined : readDuration("--for", flags.for);
  const firstSeed = readInteger("--first-seed", flags.firstSeed ?? "1", { min: 1, max: 2 ** 31 });
  const faultsMax = readInteger("--faults", flags.faults ?? "2", { min: 0, max: 10 });
  const times = readInteger("--times", flags.times ?? "10", { min: 1, max: 1_000 });
  const { configFile, plan } = await loadConfig(flags.config, host);
  const folder = dirname(resolve(host.cwd, configFile));
  return {
    configFile,
    plan,
    ...(await readScenario(plan, folder)),
    workspace: plan.workspace === undefined ? undefined : workspaceOf(plan.workspace, folder),
    ...{ runs, durationMs, firstSeed, faultsMax, times },
    plain: flags.plain === true,
    replay: flags.replay,
    outFolder: flags.out ?? "reports/out",
    json: flags.json === true,
  };
}

async function loadConfig(named: string | undefined, host: Host): Promise<{ configFile: string; plan: LivePlan }> {
  const configFile = named ?? defaultNames.find((name) => existsSync(resolve(host.cwd, name)));
  if (configFile === undefined) {
    throw new UsageError({
      what: "--config",
      why: `there is none of ${defaultNames.join(", ")} here`,
      fix: "name the file, as --config live.config.ts",
    });
  }
  const path = resolve(host.cwd, configFile);
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new UsageError({ what: `--config ${configFile}`, why: "is no file", fix: "name a module" });
  }
  serveOwnImports();
  let loaded: { readonly default?: unknown };
  try {
    loaded = (await import(pathToFileURL(path).href)) as typeof loaded;
  } catch (error) {
    throw loadMistake(path, error);
  }
  const reading = readLiveConfig(loaded.default);
  if (reading.kind === "ok") return { configFile, plan: reading.plan };
  const why = loaded.default === undefined ? "has no default export" : reading.problems.join("; ");
  throw new UsageError({ what: configFile, why, fix: "export default defineLive({ … }), as docs/live.md says" });
}

const defaultNames = ["live.config.ts", "live.config.mts", "live.config.js", "live.config.mjs"];

async function readScenario(
  { scenario }: LivePlan,
  folder: string,
): Promise<Pick<LiveSettings, "scenario" | "scenarioFile">> {
  if (typeof scenario !== "string") return { scenario: scenario ?? {}, scenarioFile: null };
  const scenarioFile = resolve(folder, scenario);
  try {
    return { scenario: await readScenarioFile(scenarioFile), scenarioFile };
  } catch (error) {
    if (error instanceof ScenarioMistake) throw new UsageError(error);
    throw error;
  }
}

function workspaceOf(named: string, folder: string): string {
  const path = resolve(folder, named);
  if (existsSync(path) && statSync(path).isDirectory()) return path;
  throw new UsageError({ what: `workspace ${named}`, why: "is no folder", fix: "name one beside the config" });
}
