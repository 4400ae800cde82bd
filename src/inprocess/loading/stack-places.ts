import type { SourceMap } from "node:module";
import { projectFolder, type SourceTree } from "./source-tree.ts";

/** A place in a file of the user's, as it was written; line and column from 1. */
export interface Place {
  /** Relative to the user's project, as `src/poller.ts`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** @returns undefined for what is none of the tree's */
export function placeOf(tree: SourceTree, virtualPath: string, line: number, column: number): Place | undefined {
  const unit = tree.unitNamed(virtualPath);
  if (unit === undefined || unit.kind === "json") return undefined;
  let place = { line, column };
  for (const map of unit.maps) place = before(map, place);
  return { file: virtualPath.slice(projectFolder.length + 1), ...place };
}

/**
 * The innermost place of the user's own in a stack, as `src/poller.ts:12:5`; one in a package when there is no other, and
 * undefined when there is none at all.
 */
export function callSite(tree: SourceTree, stack: string): string | undefined {
  const places = [
    ...stack.matchAll(/\((\/app\/[^()\n]+?):(\d+):(\d+)\)|at (?:async )?(\/app\/[^()\n]+?):(\d+):(\d+)$/gm),
  ]
    .map((match) => {
      const [, file = match[4]!, line = match[5]!, column = match[6]!] = match;
      return placeOf(tree, file, Number(line), Number(column));
    })
    .filter((place) => place !== undefined);
  const place = places.find(({ file }) => !file.startsWith("node_modules/")) ?? places[0];
  return place === undefined ? undefined : `${place.file}:${place.line}:${place.column}`;
}

/** A stack with the places of the user's files as they were written. */
export function writtenStack(tree: SourceTree, stack: string): string {
  return stack.replaceAll(/(\/app\/[^()\n:]+):(\d+):(\d+)/g, (text, file: string, line: string, column: string) => {
    const place = placeOf(tree, file, Number(line), Number(column));
    return place === undefined ? text : `${place.file}:${place.line}:${place.column}`;
  });
}

function before(map: SourceMap, { line, column }: { line: number; column: number }): { line: number; column: number } {
  const entry = map.findEntry(line - 1, column - 1);
  if (!("originalLine" in entry) || entry.originalLine === undefined) return { line, column };
  return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}
