import { posix } from "node:path";
import type { HostFiles } from "../../../src/ports/program.ts";

export type Collection =
  /** Relative to where pytest runs, each once, in order of the arguments and then of names. */
  { readonly kind: "found"; readonly paths: readonly string[] } | { readonly kind: "missing"; readonly path: string };

/** A file that is named is taken whatever it is called; below a folder `test_*.py` and `*_test.py` are. */
export function collectTestPaths(files: HostFiles, cwd: string, given: readonly string[]): Collection {
  const found = new Set<string>();
  for (const argument of given.length === 0 ? ["."] : given) {
    const absolute = posix.resolve(cwd, argument);
    const kind = files.stat(absolute)?.kind;
    if (kind === undefined) return { kind: "missing", path: argument };
    if (kind === "folder") for (const path of testFilesBelow(files, absolute)) found.add(posix.relative(cwd, path));
    else found.add(posix.relative(cwd, absolute));
  }
  return { kind: "found", paths: [...found] };
}

function testFilesBelow(files: HostFiles, folder: string): string[] {
  return files.list(folder).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.kind === "folder") return SKIPPED_FOLDER.test(entry.name) ? [] : testFilesBelow(files, path);
    return TEST_FILE.test(entry.name) ? [path] : [];
  });
}

const TEST_FILE = /^(test_.*|.*_test)\.py$/;
const SKIPPED_FOLDER = /^(\..*|build|dist|node_modules|venv|_darcs|CVS|\{arch\}|.*\.egg)$/;
