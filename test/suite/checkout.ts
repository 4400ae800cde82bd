import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** What git, npm, the build and vitest itself write; and where reports belong. */
const notOfTests: ReadonlySet<string> = new Set([".git", ".vitest", "node_modules", "dist", "reports/out"]);

/**
 * Tests write to temporary folders alone, and so do the processes that they start.
 *
 * @returns what says, at the end, which files of the checkout are new, gone or changed
 */
export function watchCheckout(checkout: string): () => string | undefined {
  const before = filesBelow(checkout);
  return () => {
    const touched = differencesOf(before, filesBelow(checkout));
    return touched.length === 0 ? undefined : writtenTo(touched);
  };
}

/** Path below the folder to size and time of the last change, sorted by path. Links are not followed. */
export function filesBelow(folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const visit = (below: string): void => {
    const entries = readdirSync(join(folder, below), { withFileTypes: true });
    for (const entry of entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (notOfTests.has(path) || entry.name === "node_modules") continue;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) files.set(path, stateOf(join(folder, path)));
    }
  };
  visit("");
  return files;
}

/** @returns a line for each file that is new, gone or changed, sorted by path */
export function differencesOf(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return paths.flatMap((path) => {
    if (!before.has(path)) return [`${path} is new`];
    if (!after.has(path)) return [`${path} is gone`];
    return before.get(path) === after.get(path) ? [] : [`${path} has changed`];
  });
}

function stateOf(path: string): string {
  const { size, mtimeMs } = statSync(path);
  return `${size} ${mtimeMs}`;
}

function writtenTo(touched: readonly string[]): string {
  return (
    `tests wrote to the checkout: ${touched.join(", ")}\n` +
    "  why: what one test leaves there, another one reads, or somebody commits\n" +
    "  fix: write below a folder of `mkdtemp` in the system's temporary folder, and remove it with the test"
  );
}
