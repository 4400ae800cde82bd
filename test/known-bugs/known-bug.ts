import { fileURLToPath } from "node:url";

/** A bug of a package that we did not write, as a user's own system meets it. */
export interface KnownBug {
  /** Its folder below `systems/`. */
  readonly folder: string;
  /** With the version that it is in. */
  readonly package: string;
  readonly what: string;
  /** The file of the system that meets it. */
  readonly shows: string;
  /** What the system says then. */
  readonly says: RegExp;
  /** The same work without it, and what is different; absent where no such thing is known. */
  readonly fixed: { readonly file: string; readonly by: string };
}

export const knownBugs: readonly KnownBug[] = [
  {
    folder: "proper-lockfile",
    package: "proper-lockfile@4.1.2",
    what: "two who find a lock left over take it away one after the other, the second one that of the first: both hold it",
    shows: "shows.json",
    says: /two hold the lock/,
    fixed: { file: "fixed.json", by: "one at a time takes away what was left over (4.1.2 is the last version)" },
  },
  {
    folder: "server-memory",
    package: "@modelcontextprotocol/server-memory@2026.8.31",
    what: "two servers read one memory, add to it and write it back: what one of them added is lost",
    shows: "shows.json",
    says: /of left and right it remembers/,
    fixed: { file: "fixed.json", by: "a lock around each change (2026.8.31 is the last version)" },
  },
  {
    folder: "langchain-file-store",
    package: "@langchain/classic@1.0.3",
    what: "two write one key: the file has the shorter value and the end of the longer",
    shows: "shows.json",
    says: /the file is of nobody/,
    fixed: { file: "fixed.json", by: "@langchain/classic@1.0.50" },
  },
  {
    folder: "langchain-file-store",
    package: "@langchain/classic@1.0.50",
    what: "whoever opens the store removes the file that another one is about to rename: its value is not saved",
    shows: "opens.json",
    says: /ENOENT.*rename/s,
    fixed: { file: "fixed.json", by: "the constructor in place of `fromPath`" },
  },
  {
    folder: "mkdirp",
    package: "mkdirp@0.5.1",
    what: "somebody removes the empty folder when it was found to be there: it is neither made nor there",
    shows: "shows.json",
    says: /EEXIST/,
    fixed: { file: "fixed.json", by: "mkdirp@3.0.1" },
  },
  {
    folder: "write",
    package: "write@2.0.0",
    what: "two write one file: it has the shorter text and the end of the longer",
    shows: "shows.json",
    says: /the file is of nobody/,
    fixed: { file: "fixed.json", by: "another name first, then a rename (2.0.0 is the last version)" },
  },
];

export function systemPath({ folder }: KnownBug, file: string): string {
  return fileURLToPath(new URL(`systems/${folder}/${file}`, import.meta.url));
}

/** Its smallest counterexample, as `stormlane run` wrote it. */
export function reproPath({ folder, shows }: KnownBug): string {
  const name = shows === "shows.json" ? folder : `${folder}-${shows.replace(".json", "")}`;
  return fileURLToPath(new URL(`repros/${name}.json`, import.meta.url));
}
