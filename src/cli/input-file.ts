import { readFileSync, statSync } from "node:fs";
import type { JsonValue } from "../base/json.ts";
import { UsageError } from "./usage-error.ts";

export interface InputFile {
  /** What the user calls it, as `--epic epics/shop.json`. */
  readonly what: string;
  readonly path: string;
  readonly sizeBytesMax: number;
}

/** Reads a JSON file that somebody else wrote: everything about it may be wrong. */
export function readJsonFile({ what, path, sizeBytesMax }: InputFile): JsonValue {
  const text = readText({ what, path, sizeBytesMax });
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    const why = text.trim() === "" ? "is empty" : "is not JSON, or only a part of it";
    throw new UsageError({ what, why, fix: "check how the file was written" });
  }
  if (depthOf(value) > depthMax) {
    throw new UsageError({ what, why: `is nested deeper than ${depthMax} levels`, fix: "flatten it" });
  }
  return value;
}

function readText({ what, path, sizeBytesMax }: InputFile): string {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new UsageError({ what, why: "is not a file", fix: "name a JSON file" });
    if (stat.size > sizeBytesMax) {
      throw new UsageError({ what, why: `is longer than ${sizeBytesMax} bytes`, fix: "name a smaller file" });
    }
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    const why = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new UsageError({ what, why, fix: "name a file that can be read" });
  }
}

/** Counted without recursion: the stack is what a deep value is after. */
function depthOf(value: JsonValue): number {
  let depth = 0;
  let level: JsonValue[] = [value];
  while (level.length > 0 && depth <= depthMax) {
    depth++;
    level = level.flatMap((each) =>
      typeof each === "object" && each !== null ? (Object.values(each) as JsonValue[]) : [],
    );
  }
  return depth;
}

const depthMax = 100;
