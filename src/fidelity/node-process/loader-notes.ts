import { readFileSync } from "node:fs";

/** Names the file to which the loader of a real process writes what Node's own could not load. */
export const loaderNotesVariable = "STORMLANE_LOADER_NOTES";

export interface LoaderNote {
  /** As `TypeScript that is more than types`. */
  readonly what: string;
  /** Absolute. */
  readonly file: string;
}

/** Each once; none when the file was never begun. */
export function readLoaderNotes(path: string): readonly LoaderNote[] {
  return [...new Set(readLines(path))].map((line) => JSON.parse(line) as LoaderNote);
}

/** Whole lines of a file that others append to; none when it is not there. */
export function readLines(path: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "");
}
