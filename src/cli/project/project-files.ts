import { dirname } from "node:path";
import { importClosure } from "./imported-files.ts";
import { readProject } from "./project.ts";

/** What the runs of a project depend on beside this package. */
export interface ProjectFiles {
  /** Absolute: what names of files are relative to. */
  readonly folder: string;
  /** Absolute, sorted by code units. */
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

/**
 * A scenario's folder counts as a whole, for what it reads; where scenarios lie beside the config, only what they import.
 *
 * @param filesBelow lists a folder
 */
export async function projectFiles(
  configPath: string,
  filesBelow: (folder: string) => readonly string[],
): Promise<ProjectFiles> {
  const { folder, scenarioFiles } = await readProject(configPath);
  const closure = importClosure(scenarioFiles);
  const folders = [...new Set(scenarioFiles.map((path) => dirname(path)))].filter((each) => each !== folder);
  const files = new Set([...closure.files, ...folders.flatMap(filesBelow)]);
  const packages = closure.packages.filter((name) => name !== "stormlane");
  return { folder, files: [...files].toSorted(), packages };
}
