import { readdirSync, readFileSync } from "node:fs";

/** One file of the tree as the checks see it. `path` is relative to the root of the repository, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What breaks a rule, and where. `line` counts from 1. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** Reads every TypeScript file below the folders, in code-unit order. A folder that does not exist has no files. */
export function readSourceFiles(root: URL, folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    typescriptPaths(root, folder).map((path) => ({ path, text: readFileSync(new URL(path, root), "utf8") })),
  );
}

/** One violation a line, as an editor can open it; empty when there is none. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ path, line, message }) => `${path}:${line}: ${message}`).join("\n");
}

function typescriptPaths(root: URL, folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .toSorted();
}
