import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/base/json.ts";

/** The JSON lines of a file that others append to, each once. A line that a kill cut short is left out. */
export class GrowingLines {
  private readonly path: string;
  private offsetBytes = 0;
  private rest = "";

  constructor(path: string) {
    this.path = path;
  }

  /** What has come since the last time. */
  read(): readonly JsonObject[] {
    const lines = (this.rest + this.readOn()).split("\n");
    this.rest = lines.pop() ?? "";
    return lines.flatMap(parseLine);
  }

  private readOn(): string {
    let file: number;
    try {
      file = openSync(this.path, "r");
    } catch {
      return "";
    }
    try {
      const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - this.offsetBytes));
      const size = readSync(file, bytes, 0, bytes.length, this.offsetBytes);
      this.offsetBytes += size;
      return bytes.toString("utf8", 0, size);
    } finally {
      closeSync(file);
    }
  }
}

function parseLine(line: string): readonly JsonObject[] {
  try {
    const value = JSON.parse(line) as JsonValue;
    return isJsonObject(value) ? [value] : [];
  } catch {
    return [];
  }
}
