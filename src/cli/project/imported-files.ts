import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** What modules are made of: files of the project, and packages. Both sorted by code units. */
export interface ImportClosure {
  /** Absolute. */
  readonly files: readonly string[];
  /** As they are imported, without what comes after the package's name. */
  readonly packages: readonly string[];
}

/**
 * The files themselves, what they import by a relative path, and what that imports. Read off the text, so that a comment
 * that looks like an import counts as one: rather one file too many than one too few.
 */
export function importClosure(entries: readonly string[]): ImportClosure {
  const files = new Set<string>();
  const packages = new Set<string>();
  const open = [...entries];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    for (const specifier of specifiersIn(path)) {
      if (/^\.{1,2}\//.test(specifier)) {
        open.push(...filesNamed(resolve(dirname(path), specifier)));
      } else if (/^[@a-z]/.test(specifier) && !specifier.startsWith("node:")) {
        packages.add(packageOf(specifier));
      }
    }
  }
  return { files: [...files].toSorted(), packages: [...packages].toSorted() };
}

function specifiersIn(path: string): string[] {
  if (!/\.[cm]?[jt]s$/.test(path)) return [];
  return [...readFileSync(path, "utf8").matchAll(importPattern)].map(([, specifier = ""]) => specifier);
}

/** `from "x"`, `import "x"`, `import("x")`, `require("x")` and `new URL("x", import.meta.url)`. */
const importPattern = /(?:\bfrom|\bimport|\brequire|\bURL)\s*\(?\s*["'`]([^"'`\n]+)["'`]/g;

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Unmodified code may leave an extension out, or write that of what it is compiled to. */
function filesNamed(target: string): string[] {
  const written = target.replace(/\.([cm]?)jsx?$/, ".$1ts");
  return [target, written, ...extensions.map((extension) => `${target}${extension}`)].filter(isFile);
}

const extensions: readonly string[] = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"];

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
