import { globSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { z } from "zod";
import { plainLine } from "../../report/plain-line.ts";
import { readJsonFile } from "../input-file.ts";
import { suggestName } from "../nearest-name.ts";
import { serveConfigSchema } from "../serve/serve-config.ts";
import { UsageError } from "../usage-error.ts";
import { readBudgetsMember } from "./budgets-schema.ts";
import { loadMistake } from "./load-mistake.ts";
import { serveOwnImports } from "./own-imports.ts";
import { projectConfigSchema, projectMembers } from "./project-config.ts";

/** A project of a user's: where it is and what its config says. */
export interface Project {
  /** Absolute. */
  readonly configPath: string;
  /** Absolute: what the config's paths are relative to. */
  readonly folder: string;
  readonly config: z.output<typeof projectConfigSchema>;
  /** Absolute, in the order of their paths. */
  readonly scenarioFiles: readonly string[];
}

const scenariosDefault = ["scenarios/*/scenario.{ts,mts,js,mjs}"];

const serveMembers: readonly string[] = Object.keys(serveConfigSchema.shape);

/** @throws UsageError when the config cannot be loaded, says what it cannot say, or its patterns find nothing */
export async function readProject(configPath: string): Promise<Project> {
  const config = await readConfig(configPath);
  const folder = dirname(configPath);
  const patterns = typeof config.scenarios === "string" ? [config.scenarios] : (config.scenarios ?? scenariosDefault);
  const scenarioFiles = filesMatching(folder, patterns);
  if (scenarioFiles.length === 0 && config.scenarios !== undefined) {
    throw new UsageError({
      what: `${configPath}: scenarios`,
      why: `no file matches ${patterns.join(", ")}`,
      fix: "write one (stormlane init shows how), or mend the patterns: they are relative to the config",
    });
  }
  return { configPath, folder, config, scenarioFiles };
}

async function readConfig(configPath: string): Promise<Project["config"]> {
  const given = await loadConfig(configPath);
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new UsageError({
      what: configPath,
      why: extname(configPath) === ".json" ? "holds no object" : "its default export is no object",
      fix: "write: export default defineConfig({})",
    });
  }
  const { budgets } = given as { readonly budgets?: unknown };
  if (budgets !== undefined) readBudgetsMember(`${configPath}: budgets`, budgets);
  const own = Object.entries(given).filter(([member]) => !serveMembers.includes(member));
  const result = projectConfigSchema.safeParse(Object.fromEntries(own));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue?.code === "unrecognized_keys") {
    const [member = ""] = issue.keys;
    throw new UsageError({
      what: `${configPath}: ${plainLine(member, 60)}`,
      why: "there is no such member",
      fix: suggestName(member, [...projectMembers, ...serveMembers]),
    });
  }
  const member = String(issue?.path[0] ?? "");
  throw new UsageError({
    what: `${configPath}: ${(issue?.path ?? []).map(String).join(".")}`,
    why: (issue?.message ?? "not understood").replace(/^Invalid input: ?/, "") || "not understood",
    fix: memberFixes[member] ?? "see docs/how-to/own-project.md",
  });
}

const memberFixes: Readonly<Record<string, string>> = {
  scenarios: "write a pattern, or a list of them, as scenarios/*/scenario.ts",
  seeds: "write a whole number from 1",
  workers: "write a whole number from 0",
  reports: "write the path of a folder",
  reporters: "write a list, as ['junit', 'markdown=summary.md']",
};

async function loadConfig(path: string): Promise<unknown> {
  if (extname(path) === ".json") return readJsonFile({ what: path, path, sizeBytesMax: 1_000_000 });
  serveOwnImports();
  try {
    return ((await import(pathToFileURL(path).href)) as { readonly default?: unknown }).default;
  } catch (error) {
    throw loadMistake(path, error);
  }
}

/** Below the folder, without hidden folders and installed packages; sorted by code units. */
function filesMatching(folder: string, patterns: readonly string[]): readonly string[] {
  const found = globSync([...patterns], {
    cwd: folder,
    exclude: (path) => /^(node_modules|\.[^.].*)$/.test(basename(path)),
  });
  return found.toSorted().map((path) => join(folder, path));
}
