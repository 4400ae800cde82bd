import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "./usage-error.ts";

/**
 * Names the code that a run depends on, by the contents of files: the folders of this package that take part in runs,
 * the fakes, the folder of the scenarios, and the versions of packages that choose or change anything. Node's
 * version is not in it: runs are the same on all that are supported. About 20 ms for the whole of it.
 *
 * @returns 32 hexadecimal digits
 */
export function codeHash(catalogueUrl: URL): string {
  const source = fileURLToPath(new URL("../", import.meta.url));
  const hash = createHash("sha256");
  const add = (label: string, folder: string): void => {
    for (const file of filesBelow(folder)) {
      hash.update(`${label}/${relative(folder, file).split(sep).join("/")}\0`);
      hash.update(createHash("sha256").update(readFileSync(file)).digest());
    }
  };
  for (const folder of ownFolders) add(folder, join(source, folder));
  add("fakes", join(source, "../fakes"));
  add("scenarios", dirname(fileURLToPath(catalogueUrl)));
  for (const name of packages) hash.update(`${name}@${versionOf(name)}\0`);
  return hash.digest("hex").slice(0, 32);
}

/** Of `src/`: what a run goes through, and what says which case a seed stands for. */
const ownFolders: readonly string[] = [
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

/** Of a package as it is found from this file, as Node does. */
function versionOf(name: string): string {
  const start = dirname(fileURLToPath(import.meta.url));
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
