import { dirname, relative, resolve } from "node:path";
import type { JsonValue } from "../../base/json.ts";
import { parseMapping, type LogMapping } from "../../incidents/log-mapping.ts";
import { plainLine } from "../../report/plain-line.ts";
import { builtInCatalogueUrl, type Catalogue } from "../catalogue.ts";
import { readEpic } from "../find-scenario.ts";
import type { Host } from "../host.ts";
import { readJsonFile } from "../input-file.ts";
import { readDuration, readInteger } from "../option-values.ts";
import { configOfCatalogue } from "../project/find-config.ts";
import { isSystemUrl } from "../system/system-url.ts";
import { UsageError } from "../usage-error.ts";

export interface ImportFlags {
  readonly in?: string;
  readonly symptom?: string;
  readonly mapping?: string;
  readonly workload?: string;
  readonly epic?: string;
  readonly mutant?: string;
  readonly runs?: string;
  readonly for?: string;
  readonly finds?: string;
  readonly firstSeed?: string;
  readonly scenario?: string;
  readonly out?: string;
  readonly keepText?: boolean;
  readonly search?: boolean;
  readonly json?: boolean;
}

export interface ImportSettings {
  readonly mapping: LogMapping | undefined;
  readonly workload: JsonValue | undefined;
  /** The plan of the first epic. */
  readonly plan: JsonValue | undefined;
  readonly runsMax: number;
  readonly durationMsMax: number | undefined;
  /** After so many finds the search ends: then it is known well enough which causes there are. */
  readonly findsMax: number;
  readonly firstSeed: number;
  readonly outFolder: string;
  readonly scenarioFile: string | undefined;
}

const jsonBytesMax = 16 * 1024 * 1024;

export function readImportSettings(flags: ImportFlags, catalogue: Catalogue, host: Host): ImportSettings {
  const { scenario: scenarioFile } = flags;
  if (scenarioFile !== undefined) checkScenarioFile(scenarioFile, host);
  const outPath = catalogue.defaults?.outPath;
  return {
    mapping: flags.mapping === undefined ? undefined : readMapping(flags.mapping, host.cwd),
    workload: flags.workload === undefined ? undefined : readJson("--workload", flags.workload, host.cwd),
    plan: flags.epic === undefined ? undefined : readEpic(flags.epic, host.cwd),
    runsMax: readInteger("--runs", flags.runs ?? "2000", { min: 1, max: 100_000_000 }),
    durationMsMax: flags.for === undefined ? undefined : readDuration("--for", flags.for),
    findsMax: readInteger("--finds", flags.finds ?? "12", { min: 1, max: 1_000 }),
    firstSeed: readInteger("--first-seed", flags.firstSeed ?? "0", { min: 0, max: Number.MAX_SAFE_INTEGER / 2 }),
    outFolder: flags.out ?? (outPath === undefined ? "reports/out" : relative(host.cwd, outPath)),
    scenarioFile,
  };
}

function readMapping(given: string, cwd: string): LogMapping {
  const mapping = parseMapping(readJson("--mapping", given, cwd));
  if (typeof mapping !== "string") return mapping;
  throw new UsageError({
    what: `--mapping ${plainLine(given, 200)}`,
    why: plainLine(mapping, 300),
    fix: 'write at least {"time": "ts", "event": "msg"}: see docs/incidents.md',
  });
}

function readJson(option: string, given: string, cwd: string): JsonValue {
  return readJsonFile({
    what: `${option} ${plainLine(given, 200)}`,
    path: resolve(cwd, given),
    sizeBytesMax: jsonBytesMax,
  });
}

function checkScenarioFile(given: string, { cwd, catalogueUrl }: Host): void {
  const what = `--scenario ${plainLine(given, 200)}`;
  if (!/\.(?:ts|mts)$/.test(given))
    throw new UsageError({ what, why: "is no TypeScript file", fix: "end it with .ts" });
  if (isSystemUrl(catalogueUrl)) {
    const why = "what is run with --system stands in no scenario's file, so that none can be made of it";
    throw new UsageError({ what, why, fix: "leave it out, and keep the repro file" });
  }
  if (isClone(catalogueUrl) || configOfCatalogue(catalogueUrl) !== undefined) return;
  throw new UsageError({
    what,
    why: `there is no project above ${plainLine(dirname(resolve(cwd, given)), 200)} whose scenarios it could be made of`,
    fix: "begin one with stormlane init, or keep the repro file",
  });
}

/** The built-in scenarios lie there as TypeScript. */
export function isClone(catalogueUrl: URL): boolean {
  return catalogueUrl.href === builtInCatalogueUrl.href && catalogueUrl.pathname.endsWith(".ts");
}
