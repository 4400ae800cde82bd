import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** In this order of preference. */
export const configNames: readonly string[] = ["ts", "mts", "mjs", "js", "json"].map(
  (extension) => `stormlane.config.${extension}`,
);

/** @returns the config in the folder, or in the nearest one above it */
export function findConfig(folder: string): string | undefined {
  for (let above = folder; ; above = dirname(above)) {
    const found = configNames.map((name) => join(above, name)).find((path) => existsSync(path));
    if (found !== undefined || above === dirname(above)) return found;
  }
}

/** @returns the path of the config that the URL of a catalogue names, or undefined when it is a module of scenarios */
export function configOfCatalogue(url: URL): string | undefined {
  const path = fileURLToPath(url);
  return configNames.includes(basename(path)) ? path : undefined;
}

/** In front of the names of built-in scenarios, where a project has scenarios of its own. */
export const builtInPrefix = "stormlane:";
