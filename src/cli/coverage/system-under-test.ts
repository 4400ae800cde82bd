import { readdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { projectFolder } from "../../inprocess/loading/source-tree.ts";
import { builtInCatalogueUrl } from "../catalogue.ts";
import { configOfCatalogue } from "../project/find-config.ts";
import { readProject } from "../project/project.ts";
import { isSystemUrl } from "../system/system-url.ts";
import type { SystemUnderTest } from "./system-modules.ts";

/** What the scenarios of a catalogue put to the test: the core, the code of a user's project, or a system as it is. */
export async function systemUnderTest(catalogueUrl: URL): Promise<SystemUnderTest> {
  if (isSystemUrl(catalogueUrl)) {
    const unmodified = fileURLToPath(catalogueUrl);
    return { rootUrl: folderUrl(projectFolder), otherUrls: [], moduleUrls: [], isCore: false, unmodified };
  }
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
