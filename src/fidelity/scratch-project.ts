import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isOfTheRun } from "./written-files.ts";

/** The project is too large to be copied for a run. */
export class ProjectTooLarge extends Error {
  override readonly name = "ProjectTooLarge";
}

/**
 * Copies a project into a folder of the run, so that nothing that its code writes beside itself reaches the user's own
 * files. Packages are not copied: they are found where Node would find them, by links.
 *
 * @param root absolute: the folder of its package.json
 * @param scratch absolute and empty
 * @returns where the copy is
 * @throws ProjectTooLarge
 */
export function copyProject(root: string, scratch: string): string {
  let folder = scratch;
  // Outermost first, so that a package is found in the folder that is nearest, as in the original.
  for (const packages of packageFoldersAbove(root).toReversed()) {
    folder = join(folder, "in");
    mkdirSync(folder, { recursive: true });
    symlinkSync(packages, join(folder, "node_modules"));
  }
  const copy = join(folder, "app");
  let sizeBytes = 0;
  cpSync(root, copy, {
    recursive: true,
    filter: (path) => {
      if (path !== root && skipped.has(basename(path))) return false;
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined || (!stat.isFile() && !stat.isDirectory())) return false;
      sizeBytes += stat.size;
      if (sizeBytes > projectBytesMax) {
        throw new ProjectTooLarge(`${root} holds more than ${projectBytesMax / 1024 ** 2} MiB`);
      }
      return true;
    },
  });
  const own = join(root, "node_modules");
  if (existsSync(own)) symlinkSync(own, join(copy, "node_modules"));
  return copy;
}

/** Text by path below `folder`, with `/` in front of each; links by what they point to, and not followed. */
export function filesBelow(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  const open = [""];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    for (const entry of readdirSync(`${folder}${below}`, { withFileTypes: true })) {
      const name = `${below}/${entry.name}`;
      if (!isOfTheRun(name)) continue;
      if (entry.isDirectory()) open.push(name);
      else if (entry.isSymbolicLink()) files.set(name, `-> ${readlinkSync(`${folder}${name}`)}`);
      else if (entry.isFile()) {
        const text = textOf(`${folder}${name}`);
        if (text !== undefined) files.set(name, text);
      }
    }
  }
  return files;
}

/** Undefined when it is gone since, or not for us to read. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function packageFoldersAbove(root: string): string[] {
  const found: string[] = [];
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    const packages = join(folder, "node_modules");
    if (existsSync(packages)) found.push(packages);
    if (folder === dirname(folder)) return found;
  }
}

/** Not part of what runs. */
const skipped: ReadonlySet<string> = new Set(["node_modules", ".git"]);
const projectBytesMax = 64 * 1024 ** 2;
