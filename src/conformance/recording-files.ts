import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { readRecording, type Recording } from "./recording.ts";

export type LoadedRecordings =
  | { readonly kind: "ok"; readonly recordings: readonly Recording[] }
  | { readonly kind: "bad"; readonly path: string; readonly why: string };

/** Reads recordings: files, or all `*.jsonl` and `*.jsonl.gz` of folders, in the order of their names. */
export function loadRecordings(paths: readonly string[]): LoadedRecordings {
  const recordings: Recording[] = [];
  for (const path of paths) {
    try {
      for (const file of filesAt(path)) {
        const read = readRecording(nameOf(file), textOf(file));
        if (read.kind === "bad") return { kind: "bad", path: file, why: `line ${read.line}: ${read.why}` };
        recordings.push(read.recording);
      }
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
      return { kind: "bad", path, why: code === "ENOENT" ? "does not exist" : `cannot be read (${code})` };
    }
  }
  return { kind: "ok", recordings };
}

/** Where the recordings of this package are: beside the compiled code, or in a clone of the project. */
export function builtInRecordingsFolder(): string {
  const beside = fileURLToPath(new URL("./recordings", import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL("../../test/fixtures/kanboard-golden", import.meta.url));
}

function filesAt(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => extension.test(name))
    .toSorted()
    .map((name) => join(path, name));
}

function textOf(file: string): string {
  const bytes = readFileSync(file);
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

function nameOf(file: string): string {
  return basename(file).replace(extension, "");
}

const extension = /\.jsonl(\.gz)?$/;
