import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder of the repository, as a path. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Pages of the site by their paths from the root, as `docs/how-to/limits.md`, in order. */
export function pagesOfDocs(): string[] {
  return readdirSync(`${root}docs`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !/(^|\/)(node_modules|\.vitepress)\//.test(name))
    .toSorted()
    .map((name) => `docs/${name}`);
}

export function textOf(path: string): string {
  return readFileSync(`${root}${path}`, "utf8");
}
