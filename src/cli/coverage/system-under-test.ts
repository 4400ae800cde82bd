import { readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { builtInCatalogueUrl } from "../catalogue.ts";
import { configOfCatalogue } from "../project/find-config.ts";
import { readProject } from "../project/project.ts";
import type { SystemUnderTest } from "./system-modules.ts";

/** What the scenarios of a catalogue put to the test: the core, or the code of a user's project. */
export async function systemUnderTest(catalogueUrl: URL): Promise<SystemUnderTest> {
  const configPath = configOfCatalogue(catalogueUrl);
  const project = configPath === undefined ? undefined : await readProject(configPath);
  if (project === undefined || project.scenarioFiles.length === 0) {
    return coreUnderTest();
  }
  return {
    rootUrl: folderUrl(project.folder),
    otherUrls: [project.configPath, ...project.scenarioFiles].map((path) => pathToFileURL(path).href),
    moduleUrls: [],
    isCore: false,
  };
}

function coreUnderTest(): SystemUnderTest {
  const root = new URL("../src/orchestrator/", builtInCatalogueUrl);
  const modules = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.[jt]s$/.test(name) && !name.endsWith(".d.ts"))
    .toSorted();
  const moduleUrls = modules.map((name) => new URL(name, root).href);
  return { rootUrl: root.href, otherUrls: [], moduleUrls, isCore: true };
}

function folderUrl(path: string): string {
  return `${pathToFileURL(path).href}/`;
}
