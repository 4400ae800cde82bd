import { relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { SourceTree } from "../../inprocess/loading/source-tree.ts";
import type { Host } from "../host.ts";
import { readDuration, readInteger } from "../option-values.ts";
import { loadSystemCatalogue } from "../system/system-catalogue.ts";
import { readSystemConfig, type SystemConfig } from "../system/system-config.ts";
import { UsageError } from "../usage-error.ts";

export interface FidelityFlags {
  readonly system?: string;
  readonly seed?: string;
  readonly for?: string;
  readonly json?: boolean;
}

/** What `fidelity` was asked to do, checked: the system comes up in the simulation. */
export interface FidelitySettings {
  readonly cwd: string;
  /** As it is printed. */
  readonly systemFile: string;
  /** With nothing that goes wrong, as long as the runs are to be. */
  readonly config: SystemConfig;
  /** Absolute: the project's folder. */
  readonly root: string;
  /** Undefined: the first with which the system has something to do. */
  readonly seed: number | undefined;
  readonly json: boolean;
}

/** @throws UsageError */
export async function readFidelitySettings(flags: FidelityFlags, host: Host): Promise<FidelitySettings> {
  if (flags.system === undefined) {
    throw new UsageError({
      what: "--system",
      why: "is missing: one case of a system is what runs in all three",
      fix: "name the file that starts your orchestrator, or a JSON file of its processes",
    });
  }
  const seed = flags.seed === undefined ? undefined : readInteger("--seed", flags.seed, { min: 1, max: 2 ** 31 });
  const forMs = flags.for === undefined ? forMsDefault : readDuration("--for", flags.for);
  if (forMs < forMsMin || forMs > forMsMax) {
    throw new UsageError({
      what: `--for ${flags.for}`,
      why: `real runs take as long: at least ${forMsMin / 1_000} s, at most ${forMsMax / 60_000} minutes`,
      fix: "give two or three turns of the slowest poller, as 20s",
    });
  }
  const path = resolve(host.cwd, flags.system);
  const given = readSystemConfig(path);
  const { root } = new SourceTree(path, []);
  for (const [name, { entry }] of Object.entries(given.processes)) {
    if (!relative(root, entry).startsWith("..")) continue;
    throw new UsageError({
      what: `--system ${flags.system}`,
      why: `processes.${name}.entry: lies outside of ${relative(host.cwd, root) || "this folder"}, which is copied for a real run`,
      fix: "name a file of the same project",
    });
  }
  // Whatever is wrong with its code shows here.
  await loadSystemCatalogue(pathToFileURL(path));
  const config = { ...given, families: [], faultsMax: 0, forMs };
  return { cwd: host.cwd, systemFile: flags.system, config, root, seed, json: flags.json === true };
}

const forMsDefault = 20_000;
const forMsMin = 2_000;
const forMsMax = 600_000;
