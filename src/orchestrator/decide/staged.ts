/** What the index holds against what this commit is for. */
export type StagedCheck = "exact" | "nothing" | { readonly others: readonly string[] };

/**
 * @param listing of `git diff --cached --name-only -z`: paths as they are, each ended by NUL
 * @param expected the one path that may be in the commit
 * @returns undefined when the text is no such listing
 */
export function checkStaged(listing: string, expected: string): StagedCheck | undefined {
  if (!isListing(listing)) return undefined;
  const paths = listing.split("\0").filter((path) => path !== "");
  if (paths.length === 0) return "nothing";
  const others = paths.filter((path) => path !== expected);
  return others.length === 0 ? "exact" : { others };
}

export interface ChangedPath {
  /** Two characters, as `??` or ` M`. */
  readonly code: string;
  readonly path: string;
}

/**
 * @param listing of `git status --porcelain -z`
 * @returns undefined when the text is no such listing
 */
export function readStatus(listing: string): readonly ChangedPath[] | undefined {
  if (!isListing(listing)) return undefined;
  const entries = listing.split("\0");
  const changed: ChangedPath[] = [];
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]!;
    if (entry === "") continue;
    if (!/^[ MTADRCU?!]{2} [^]/.test(entry)) return undefined;
    const code = entry.slice(0, 2);
    changed.push({ code, path: entry.slice(3) });
    // A rename or copy is followed by where it came from.
    if (code.includes("R") || code.includes("C")) index += 1;
  }
  return changed;
}

/** A program that ended early, or said something else, does not end with NUL. */
function isListing(text: string): boolean {
  return text === "" || text.endsWith("\0");
}
