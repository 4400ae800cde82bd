import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonValue } from "../../base/json.ts";
import type { ScenarioFile } from "../scenario-file.ts";

/** The programs that can be installed. */
export const programNames = ["claude", "codex", "gemini", "git", "opencode", "pytest", "vitest"] as const;
export type ProgramName = (typeof programNames)[number];

/** What the executables of one folder go by; written beside them when they are installed. */
export interface InstalledSettings {
  readonly format: typeof settingsFormat;
  /** Of stormlane. */
  readonly version: string;
  readonly scenario: InstalledScenario | null;
  readonly seed: number;
  readonly speed: number;
  readonly journal: string | null;
  /** Where calls are counted over all processes. */
  readonly state: string;
  /** An address that each start asks for leave, with POST; it begins when it is answered. */
  readonly gate?: string;
}

export interface InstalledScenario {
  /** Absolute. */
  readonly path: string;
  /** A JSON file as it was when it was checked; null for a module. */
  readonly checkedText: string | null;
}

export const settingsFormat = 1;

/** Below the folder of the executables. */
export function settingsPath(folder: string): string {
  return join(folder, ".stormlane", "settings.json");
}

export function readSettings(folder: string): InstalledSettings {
  const settings = JSON.parse(readFileSync(settingsPath(folder), "utf8")) as InstalledSettings;
  if (settings.format === settingsFormat) return settings;
  throw new Error(`${settingsPath(folder)} was written by another version; install the executables again`);
}

/**
 * A JSON file that has not changed was checked when the executables were installed: checking takes longer than most
 * programs run.
 */
export async function readInstalledScenario({ scenario }: InstalledSettings): Promise<ScenarioFile> {
  if (scenario === null) return {};
  const { path, checkedText } = scenario;
  if (checkedText !== null && readFileSync(path, "utf8") === checkedText) {
    return JSON.parse(checkedText.replace(/^\ufeff/, "")) as JsonValue as ScenarioFile;
  }
  const { readScenarioFile } = await import("../scenario-file.ts");
  return readScenarioFile(path);
}
