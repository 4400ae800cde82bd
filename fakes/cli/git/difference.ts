import { sameEntry } from "./object.ts";
import type { Tree } from "./object.ts";
import { detectRenames } from "./renames.ts";
import type { BlobReader } from "./renames.ts";
import type { Change } from "./tree-change.ts";

/**
 * By path in code-unit order. With `renames`, a removed and an added file that resemble each other become one `R` under
 * the new path, as git does by default: a listing of names then no longer shows the old one.
 */
export function compareTrees(before: Tree, after: Tree, options: { readonly renames?: BlobReader } = {}): Change[] {
  const changes: Change[] = [];
  for (const [path, entry] of after) {
    const old = before.get(path);
    if (old === undefined) changes.push({ letter: "A", path, after: entry });
    else if (!sameEntry(old, entry)) {
      changes.push({ letter: old.mode === entry.mode ? "M" : "T", path, before: old, after: entry });
    }
  }
  for (const [path, entry] of before) if (!after.has(path)) changes.push({ letter: "D", path, before: entry });
  const ordered = changes.toSorted(byPath);
  return options.renames === undefined ? ordered : detectRenames(ordered, options.renames).toSorted(byPath);
}

function byPath(left: Change, right: Change): number {
  return left.path < right.path ? -1 : left.path > right.path ? 1 : 0;
}
