import { sep } from "node:path";

/** Which files a round depends on, as it found them. Paths are absolute. */
export interface WatchedCode {
  readonly scenarios: readonly WatchedScenario[];
  /** Whatever lies in these folders touches every scenario. */
  readonly sharedFolders: readonly string[];
  /** And so do these. */
  readonly sharedFiles: readonly string[];
}

export interface WatchedScenario {
  readonly name: string;
  /** Counts as a whole, for what the scenario reads. Absent where others lie in the same one. */
  readonly folder: string | undefined;
  /** Its module and all that it imports. */
  readonly files: readonly string[];
}

/** Which scenarios a round is about. */
export type Targets = "all" | readonly string[];

/** @returns what has to be run again when these files have changed; an empty list when nothing has */
export function touchedBy(paths: readonly string[], { scenarios, sharedFolders, sharedFiles }: WatchedCode): Targets {
  const isShared = (path: string): boolean =>
    sharedFiles.includes(path) || sharedFolders.some((folder) => isBelow(path, folder));
  const touched = scenarios.filter(({ folder, files }) =>
    paths.some((path) => files.includes(path) || (folder !== undefined && isBelow(path, folder))),
  );
  // What belongs to scenarios alone stands in their folders, also where all of them lie in a shared one.
  const isOwned = (path: string): boolean =>
    scenarios.some(({ folder }) => folder !== undefined && isBelow(path, folder));
  if (paths.some((path) => isShared(path) && !isOwned(path))) return "all";
  return touched.map(({ name }) => name);
}

export function unionOf(left: Targets, right: Targets): Targets {
  if (left === "all" || right === "all") return "all";
  return [...left, ...right.filter((name) => !left.includes(name))];
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
