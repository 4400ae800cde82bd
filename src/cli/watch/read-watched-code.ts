import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { SourceTree } from "../../inprocess/loading/source-tree.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { runFolders } from "../code-hash.ts";
import { configOfCatalogue } from "../project/find-config.ts";
import { importClosure } from "../project/imported-files.ts";
import { readProject } from "../project/project.ts";
import { systemFiles } from "../system/system-files.ts";
import { isSystemUrl } from "../system/system-url.ts";
import type { WatchedCode, WatchedScenario } from "./watched-code.ts";

/** Finds out which file touches which of these scenarios. They have been loaded in this thread, so they can be. */
export async function readWatchedCode(catalogueUrl: URL, names: readonly string[]): Promise<WatchedCode> {
  const sharedFolders = ownFolders();
  if (isSystemUrl(catalogueUrl)) {
    const { files } = systemFiles(fileURLToPath(catalogueUrl));
    return { scenarios: names.map((name) => ({ name, folder: undefined, files })), sharedFolders, sharedFiles: [] };
  }
  const config = configOfCatalogue(catalogueUrl);
  if (config === undefined) {
    const folder = dirname(fileURLToPath(catalogueUrl));
    const scenarios = names.map((name) => scenarioOfFolder(name, folder));
    return { scenarios, sharedFolders: [...sharedFolders, folder], sharedFiles: [] };
  }
  const { scenarioFiles, folder } = await readProject(config);
  const scenarios: WatchedScenario[] = [];
  for (const path of scenarioFiles) {
    const { default: scenario } = (await import(pathToFileURL(path).href)) as { readonly default: Scenario };
    const { files } = importClosure([path]);
    // As with the hash of the code: what lies beside the config belongs to nobody.
    const isAlone = scenarioFiles.filter((each) => dirname(each) === dirname(path)).length === 1;
    const own = dirname(path) === folder || !isAlone ? undefined : dirname(path);
    if (names.includes(scenario.name)) scenarios.push({ name: scenario.name, folder: own, files });
  }
  return { scenarios, sharedFolders, sharedFiles: importClosure([config]).files };
}

/** What to watch before anything is known of it, and in any case. */
export function watchedRoots(catalogueUrl: URL): string[] {
  if (isSystemUrl(catalogueUrl)) return [new SourceTree(fileURLToPath(catalogueUrl), []).root, ...ownFolders()];
  const config = configOfCatalogue(catalogueUrl);
  const scenarios = dirname(config ?? fileURLToPath(catalogueUrl));
  return [...new Set([scenarios, ...ownFolders()])];
}

/** This package's own source, where it is worked on: an installed package does not change. */
function ownFolders(): string[] {
  if (!import.meta.url.endsWith(".ts")) return [];
  const source = fileURLToPath(new URL("../../", import.meta.url));
  return [...ownSource.map((name) => join(source, name)), join(source, "../fakes")];
}

/** Of `src/`: what a run goes through, and what users' scenarios are made with. */
const ownSource: readonly string[] = [...runFolders, "define"];

/** A built-in scenario lies in a folder of its name; one without, as in a catalogue of toys, has no file of its own. */
function scenarioOfFolder(name: string, catalogueFolder: string): WatchedScenario {
  const folder = join(catalogueFolder, name);
  return existsSync(folder) ? { name, folder, files: [] } : { name, folder: undefined, files: [] };
}
