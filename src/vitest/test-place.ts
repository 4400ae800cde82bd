import { isAbsolute, join, relative } from "node:path";
import { digest64 } from "../base/digest.ts";
import { quoted } from "../cli/own-package.ts";

/** Where a test stands, and what it is called. */
export interface TestPlace {
  /** Of the vitest project, absolute. */
  readonly root: string;
  /** Absolute. */
  readonly file: string;
  /** From the outermost `describe` to the test itself. */
  readonly names: readonly string[];
  /** The vitest project, where it has a name. */
  readonly project: string | undefined;
}

/** Of vitest's tasks, what tells their place. */
interface Task {
  readonly name: string;
  readonly suite?: Task | undefined;
  readonly file: { readonly filepath: string; readonly name: string; readonly projectName?: string | undefined };
}

export function placeOf(task: Task): TestPlace {
  const { filepath, name, projectName } = task.file;
  const names: string[] = [];
  for (let each: Task | undefined = task; each !== undefined; each = each.suite) names.unshift(each.name);
  return {
    root: filepath.endsWith(`/${name}`) ? filepath.slice(0, -name.length - 1) : process.cwd(),
    file: filepath,
    names,
    project: projectName === "" ? undefined : projectName,
  };
}

/** Runs this test and no other one; to be typed in `cwd`. */
export function testCommand({ root, file, names, project }: TestPlace, cwd: string): string {
  const parts = ["npx vitest run"];
  // A project has its place in the configuration of the root, which is where its tests are run from.
  if (project !== undefined) parts.push("--project", quoted(project));
  else if (root !== cwd) parts.push("--root", quoted(shortPath(cwd, root)));
  parts.push(quoted(shortPath(project === undefined ? root : cwd, file)), "-t", quoted(patternOf(names)));
  return parts.join(" ");
}

/** The whole name as vitest holds it against the pattern. */
function patternOf(names: readonly string[]): string {
  return `^${names.join(" > ").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`;
}

/** The folder for what is kept of a test's failures, below `folder`: a name for the file, and one for the test. */
export function keptFolder({ root, file, names }: TestPlace, folder: string): string {
  const path = relative(root, file).replace(/\.(test|spec)?\.?[cm]?[jt]sx?$/, "");
  return join(isAbsolute(folder) ? folder : join(root, folder), folderName(path), folderName(names.join(" ")));
}

/** Letters, digits and dashes alone. Where more is lost that way than what parts words, a digest makes up for it. */
function folderName(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, lengthMax);
  const isPlain = /^[\w ./-]+$/.test(text) && text.length <= lengthMax;
  return isPlain ? name : `${name}-${digest64(text).slice(0, 6)}`;
}

const lengthMax = 60;

/** Relative where that is no longer than the path itself. */
export function shortPath(from: string, to: string): string {
  const path = relative(from, to);
  if (path === "") return ".";
  return path.length < to.length ? path : to;
}
