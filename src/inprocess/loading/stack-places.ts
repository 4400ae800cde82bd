import type { SourceMap } from "node:module";
import type { Unit } from "./compile.ts";
import { projectFolder, type SourceTree } from "./source-tree.ts";

/**
 * The stack of an error in a user's code: the frames in the user's files, where they were written, as `src/poller.ts:12:5`. It
 * says nothing of this machine, and the same on all.
 */
export function writtenStack(tree: SourceTree, error: Error, sites: readonly NodeJS.CallSite[]): string {
  const frames = sites.flatMap((site) => {
    const place = placeOf(tree, site);
    if (place === undefined) return [];
    const name = site.getFunctionName();
    return [name === null || name === "" ? `    at ${place}` : `    at ${name} (${place})`];
  });
  return [headOf(error), ...frames].join("\n");
}

/** As engines write one. */
export function plainStack(error: Error, sites: readonly NodeJS.CallSite[]): string {
  return [headOf(error), ...sites.map(String).map((frame) => `    at ${frame}`)].join("\n");
}

/**
 * The innermost place of the user's own in a stack as `writtenStack` makes it; one in a package when there is no other, and
 * undefined when there is none at all.
 */
export function innermostPlace(stack: string): string | undefined {
  const places = [...stack.matchAll(/^ {4}at (?:.* \()?([^()]+:\d+:\d+)\)?$/gm)].map(([, place]) => place!);
  return places.find((place) => !place.startsWith("node_modules/")) ?? places[0];
}

function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** @returns undefined for what is none of the tree's */
function placeOf(tree: SourceTree, site: NodeJS.CallSite): string | undefined {
  const unit = tree.unitNamed(site.getFileName() ?? "");
  if (unit === undefined || unit.kind === "json") return undefined;
  let place: Place = { line: site.getLineNumber() ?? 1, column: site.getColumnNumber() ?? 1 };
  for (const map of unit.maps) place = before(map, place) ?? place;
  return `${unit.virtualPath.slice(projectFolder.length + 1)}:${place.line}:${place.column}`;
}

/** In a file, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** @returns where something that runs was written, or undefined for what the transformers have put there */
export function writtenPlace(unit: Unit, place: Place): Place | undefined {
  if (unit.kind === "json") return undefined;
  return unit.maps.reduce<Place | undefined>((found, map) => found && before(map, found), place);
}

function before(map: SourceMap, { line, column }: Place): Place | undefined {
  const entry = map.findEntry(line - 1, column - 1);
  if (!("originalLine" in entry) || entry.originalLine === undefined) return undefined;
  return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}
