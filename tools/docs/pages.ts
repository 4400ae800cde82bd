import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fencedBlocksIn, type FencedBlock } from "./fenced-blocks.ts";
import { continuedPage, filesAfter, pageSteps, type PageStep } from "./page-project.ts";

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

export interface Page {
  /** From the root. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly FencedBlock[];
  readonly steps: readonly PageStep[];
}

export function readPage(path: string): Page {
  const text = textOf(path);
  const blocks = fencedBlocksIn(text);
  return { path, text, blocks, steps: pageSteps(blocks) };
}

/** What the page that this one goes on from leaves, by name. */
export function filesBefore({ text }: Page): Map<string, string> {
  const continued = continuedPage(text);
  if (continued === undefined) return new Map();
  const page = readPage(`docs/${continued}`);
  return new Map([...filesBefore(page), ...filesAfter(page.steps)]);
}
