import { GitFailure } from "./failure.ts";
import { sameEntry } from "./object.ts";
import type { Tree, TreeEntry } from "./object.ts";
import type { Session } from "./session.ts";
import { WorkTree } from "./work-tree.ts";

/** What it takes to go from one commit's tree to another's and keep local changes. */
export interface TreeSwitch {
  readonly index: Tree;
  /** What the disk holds of the paths that change, before and after. */
  readonly from: Tree;
  readonly to: Tree;
}

/**
 * Two-way merge of the index: a path that is equal on both sides keeps what is staged and on disk; any other one must be
 * unchanged, or is refused. Source: the table in `git read-tree`'s manual, "Two Tree Merge".
 */
export function planSwitch(
  session: Session,
  head: Tree,
  target: Tree,
  purpose: "checkout" | "fast-forward" | "merge" = "checkout",
): TreeSwitch {
  const { repository } = session;
  const index = repository.readIndex();
  const workTree = new WorkTree(repository, session.files);
  const scan = workTree.scan(index);
  const untracked = new Set(scan.untracked);
  const next = new Map(index);
  const from = new Map<string, TreeEntry>();
  const to = new Map<string, TreeEntry>();
  const changed: string[] = [];
  const inTheWay: string[] = [];
  for (const path of [...new Set([...head.keys(), ...index.keys(), ...target.keys()])].toSorted()) {
    const before = head.get(path);
    const staged = index.get(path);
    const after = target.get(path);
    if (same(before, after) || same(staged, after)) continue;
    if (!same(staged, before)) {
      changed.push(path);
      continue;
    }
    const onDisk = scan.tracked.get(path);
    if (staged !== undefined && onDisk !== undefined && !sameEntry(staged, onDisk)) {
      changed.push(path);
      continue;
    }
    if (staged === undefined && blocks(path, untracked)) {
      inTheWay.push(path);
      continue;
    }
    if (staged !== undefined && onDisk !== undefined) from.set(path, staged);
    if (after === undefined) next.delete(path);
    else {
      next.set(path, after);
      to.set(path, after);
    }
  }
  const refusals = [
    ...refusal("Your local changes to the following files", changed, "commit your changes or stash them", purpose),
    ...refusal("The following untracked working tree files", inTheWay, "move or remove them", purpose),
  ];
  if (refusals.length > 0) {
    const isMerge = purpose === "merge";
    const end = isMerge ? ["Aborting", "Merge with strategy ort failed."] : ["Aborting"];
    throw new GitFailure(isMerge ? 2 : 1, [...refusals, ...end].join("\n"));
  }
  return { index: next, from, to };
}

function same(left: TreeEntry | undefined, right: TreeEntry | undefined): boolean {
  return left === right || (left !== undefined && right !== undefined && sameEntry(left, right));
}

/** An untracked file at the path, or where one of its folders would have to be, or below it. */
function blocks(path: string, untracked: ReadonlySet<string>): boolean {
  if (untracked.has(path)) return true;
  for (const other of untracked) if (path.startsWith(`${other}/`) || other.startsWith(`${path}/`)) return true;
  return false;
}

function refusal(
  what: string,
  paths: readonly string[],
  advice: string,
  purpose: "checkout" | "fast-forward" | "merge",
): readonly string[] {
  if (paths.length === 0) return [];
  const verb = purpose === "checkout" ? "checkout" : "merge";
  return [
    `error: ${what} would be overwritten by ${verb}:`,
    ...paths.map((path) => `\t${path}`),
    `Please ${advice} before you ${verb === "checkout" ? "switch branches" : "merge"}.`,
  ];
}
