import { join } from "node:path";
import { builtInCatalogueUrl, loadCatalogue } from "../../../src/cli/catalogue.ts";
import { findConfig } from "../../../src/cli/project/find-config.ts";
import { loadProjectCatalogue } from "../../../src/cli/project/project-catalogue.ts";

/** Loads the project in each of the folders that are its arguments, and prints what comes of each as a JSON line. */
const builtIn = await loadCatalogue(builtInCatalogueUrl);
for (const folder of process.argv.slice(2)) {
  try {
    const { builtInScenarios } = await loadProjectCatalogue(findConfig(folder) ?? join(folder, "none"), builtIn);
    print({ names: builtInScenarios.map(({ name }) => name) });
  } catch (error) {
    const { name, message } = error as Error;
    print({ error: name, message: message.replaceAll(folder, "PROJECT") });
  }
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
