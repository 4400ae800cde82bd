import { posix } from "node:path";
import { compareTrees } from "./difference.ts";
import { sameEntry } from "./object.ts";
import type { Tree, TreeEntry } from "./object.ts";
import type { BlobReader } from "./renames.ts";

export type MergedTree =
  | { readonly kind: "merged"; readonly tree: Tree }
  /** Both sides changed this path, or one changed what the other moved: more than is modelled. */
  | { readonly kind: "conflict"; readonly path: string };

/** Three-way merge of whole files: of each path, the side that changed it. */
export function mergeTrees(base: Tree, ours: Tree, theirs: Tree, readBlob: BlobReader): MergedTree {
  const moved = movedInConflict(base, ours, theirs, readBlob) ?? movedInConflict(base, theirs, ours, readBlob);
  if (moved !== undefined) return { kind: "conflict", path: moved };
  const merged = new Map<string, TreeEntry>();
  for (const path of [...new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])].toSorted()) {
    const [before, left, right] = [base.get(path), ours.get(path), theirs.get(path)];
    if (!same(left, right) && !same(before, left) && !same(before, right)) return { kind: "conflict", path };
    const entry = same(before, left) ? right : left;
    if (entry !== undefined) merged.set(path, entry);
  }
  const inTheWay = [...merged.keys()].find((path) => foldersOf(path).some((folder) => merged.has(folder)));
  return inTheWay === undefined ? { kind: "merged", tree: merged } : { kind: "conflict", path: inTheWay };
}

/** A path of the other side that this side's renames would have git move, or that meets one of them. */
function movedInConflict(base: Tree, side: Tree, other: Tree, readBlob: BlobReader): string | undefined {
  const folders = new Set([...side.keys()].flatMap(foldersOf));
  const changed = compareTrees(base, other).map((change) => change.path);
  for (const change of compareTrees(base, side, { renames: readBlob })) {
    if (change.letter !== "R") continue;
    const gone = foldersOf(change.from).filter((folder) => !folders.has(folder));
    const meets = changed.find(
      (path) => path === change.from || path === change.path || gone.some((folder) => path.startsWith(`${folder}/`)),
    );
    if (meets !== undefined) return meets;
  }
  return undefined;
}

function foldersOf(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = posix.dirname(path); folder !== "."; folder = posix.dirname(folder)) folders.push(folder);
  return folders;
}

function same(left: TreeEntry | undefined, right: TreeEntry | undefined): boolean {
  return left === right || (left !== undefined && right !== undefined && sameEntry(left, right));
}
