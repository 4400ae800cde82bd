import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { execa } from "execa";
import type { StateEntries } from "./end-state.ts";

/** The files of all workspaces by digest, and what git has of each: its branches by tree, its log, its work trees. */
export async function readWorkspaceState(projectsFolder: string): Promise<StateEntries> {
  const entries: (readonly [name: string, value: string])[] = [];
  for (const name of readdirSync(projectsFolder).toSorted()) {
    const root = join(projectsFolder, name);
    for (const path of filesBelow(root)) {
      const entry = fileEntry(name, relative(root, path), heldAt(path));
      if (entry !== undefined) entries.push(entry);
    }
    if (existsSync(join(root, ".git"))) entries.push(...(await readGit(name, root)));
  }
  return entries;
}

/** A log of what was asked when: who was killed asks again. */
const traces = ".agentleeops/traces/";

/** All below, but what git keeps for itself. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) return [path];
      return entry.name === ".git" ? [] : filesBelow(path);
    });
}

/** A file, by its digest or, of a record, by its text: it tells when something happened, and two runs differ in that. */
export function fileEntry(
  workspace: string,
  place: string,
  held: FileHeld,
): readonly [name: string, value: string] | undefined {
  if (place.startsWith(traces)) return undefined;
  return [`file ${workspace}/${namedAlike(place)}`, contentOf(place, held)];
}

type FileHeld = { readonly text: string } | { readonly target: string };

function heldAt(path: string): FileHeld {
  try {
    return { text: readFileSync(path, "utf8") };
  } catch {
    return { target: readlinkSync(path) };
  }
}

function contentOf(place: string, held: FileHeld): string {
  if ("target" in held) return `link to ${held.target}`;
  const { text } = held;
  if (place.startsWith(".agentleeops/") && place.endsWith(".json")) return withoutTimes(text);
  return `sha256 ${createHash("sha256").update(text).digest("hex")}`;
}

function namedAlike(place: string): string {
  return place.replace(/(?<=lane-?\d+-)\d{9,11}/, "TIME");
}

function withoutTimes(text: string): string {
  return text.replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME").replaceAll(/\b1[5-9]\d{8}(\d{3})?\b/g, "TIME");
}

async function readGit(name: string, root: string): Promise<StateEntries> {
  const git = async (...args: readonly string[]): Promise<string> => {
    const { stdout, stderr, exitCode } = await execa("git", args, { cwd: root, reject: false });
    return exitCode === 0 ? stdout : `git ${args.join(" ")} ended with ${exitCode}: ${stderr}`;
  };
  const entries: (readonly [name: string, value: string])[] = [];
  const branches = (await git("branch", "--list", "--format=%(refname:short)"))
    .split("\n")
    .filter((line) => line !== "");
  for (const branch of branches) {
    entries.push([`git ${name} branch ${branch}`, await git("log", "--topo-order", "--format=%T %an %s", branch)]);
  }
  entries.push([`git ${name} head`, await git("symbolic-ref", "HEAD")]);
  entries.push([`git ${name} status`, await git("status", "--porcelain", "--untracked-files=no")]);
  const worktrees = (await git("worktree", "list", "--porcelain"))
    .split("\n")
    .filter((line) => line.startsWith("worktree "));
  entries.push([
    `git ${name} work trees`,
    worktrees.map((line) => relative(root, line.slice("worktree ".length)) || ".").join(", "),
  ]);
  entries.push([`git ${name} fsck`, await git("fsck", "--no-dangling", "--no-progress")]);
  return entries;
}
