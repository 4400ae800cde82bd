import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { builtInCatalogueUrl } from "./catalogue.ts";
import { configOfCatalogue } from "./project/find-config.ts";
import { isSystemUrl } from "./system/system-url.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Names the code that a run depends on, by the contents of files: the folders of this package that take part in runs,
 * the fakes, the folder of the scenarios, and the versions of packages that choose or change anything. Node's
 * version is not in it: runs are the same on all that are supported. About 20 ms for the whole of it.
 *
 * Of a user's project: the folders of its scenarios, whatever they import from elsewhere in the project, and the versions
 * of the packages that they import. Of a system, its files and those of its packages.
 *
 * @returns 32 hexadecimal digits
 */
export async function codeHash(catalogueUrl: URL): Promise<string> {
  const source = fileURLToPath(new URL("../", import.meta.url));
  const hash = createHash("sha256");
  const addFiles = (label: string, folder: string, files: readonly string[]): void => {
    for (const file of files) {
      hash.update(`${label}/${relative(folder, file).split(sep).join("/")}\0`);
      hash.update(createHash("sha256").update(readFileSync(file)).digest());
    }
  };
  const add = (label: string, folder: string): void => addFiles(label, folder, filesBelow(folder));
  const config = configOfCatalogue(catalogueUrl);
  for (const folder of runFolders) add(folder, join(source, folder));
  add("fakes", join(source, "../fakes"));
  if (isSystemUrl(catalogueUrl)) {
    const { systemFiles } = await import("./system/system-files.ts");
    const { root, files } = systemFiles(fileURLToPath(catalogueUrl));
    addFiles("system", root, files);
    for (const folder of ["define", "inprocess", "cli/system"]) add(folder, join(source, folder));
  } else {
    add("scenarios", dirname(fileURLToPath(config === undefined ? catalogueUrl : builtInCatalogueUrl)));
  }
  for (const name of packages) hash.update(`${name}@${versionOf(name)}\0`);
  if (config !== undefined) {
    add("define", join(source, "define"));
    const { projectFiles } = await import("./project/project-files.ts");
    const { folder, files, packages: imported } = await projectFiles(config, filesBelow);
    addFiles("project", folder, files);
    for (const name of imported) hash.update(`${name}@${versionOf(name, folder)}\0`);
  }
  return hash.digest("hex").slice(0, 32);
}

/** Of `src/`: what a run goes through, and what says which case a seed stands for. */
export const runFolders: readonly string[] = [
  "base",
  "explore",
  "faults",
  "history",
  "invariants",
  "kernel",
  "orchestrator",
  "ports",
  "sim",
];

/** Workloads are drawn with the first, by the numbers of the second; the core reads answers with the others. */
const packages: readonly string[] = ["fast-check", "pure-rand", "jsonrepair", "zod"];

/** Of a package as it is found from a folder, as Node does; from this file's unless given. */
function versionOf(name: string, start = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, "node_modules", name, "package.json");
    if (existsSync(path)) return (JSON.parse(readFileSync(path, "utf8")) as { readonly version: string }).version;
  }
  return "none";
}

/** Sorted by code units; without what lies in hidden folders and in installed packages. */
function filesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => !name.split(sep).some((part) => part.startsWith(".") || part === "node_modules"),
  );
  if (names.length > filesMax) {
    throw new UsageError({
      what: folder,
      why: `holds more than ${filesMax} files, all of which the hash of the code would depend on`,
      fix: "move the scenarios into a folder of their own",
    });
  }
  return names
    .toSorted()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

const filesMax = 20_000;
