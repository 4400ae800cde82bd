import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { readBoardDatabase } from "../../incidents/readers/board-database.ts";
import type { LogFile } from "../../incidents/read-logs.ts";
import { plainLine } from "../../report/plain-line.ts";
import { UsageError } from "../usage-error.ts";

const textBytesMax = 512 * 1024 * 1024;
const databaseMark = "SQLite format 3\u0000";

/** Opens the logs that were named. A log that cannot be read at all is the user's mistake; what is in it is not. */
export function openLogs(paths: readonly string[], cwd: string): readonly LogFile[] {
  const names = namesOf(paths);
  return paths.map((path, index): LogFile => {
    const absolute = resolve(cwd, path);
    const name = names[index]!;
    try {
      const stat = statSync(absolute);
      if (!stat.isFile()) throw unreadable(path, "is not a file", "name log files, each for itself");
      if (isDatabase(absolute)) {
        return { name, content: { kind: "database", read: (context) => readBoardDatabase(absolute, context) } };
      }
      if (stat.size > textBytesMax) {
        throw unreadable(path, `is longer than ${textBytesMax} bytes`, "cut out the hours around the incident");
      }
      return { name, content: { kind: "text", text: readFileSync(absolute, "utf8").replace(/^\ufeff/, "") } };
    } catch (error) {
      if (error instanceof UsageError) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
      throw unreadable(
        path,
        code === "ENOENT" ? "does not exist" : `cannot be read (${code})`,
        "name a file that can be read",
      );
    }
  });
}

/** As short as they are different: paths may tell who somebody is. Traces of the core have their day as folder. */
function namesOf(paths: readonly string[]): readonly string[] {
  const bases = paths.map((path) => plainLine(basename(path), 80));
  return paths.map((path, index) => {
    const folder = basename(dirname(path));
    if (/^\d{8}$/.test(folder)) return join(folder, bases[index]!);
    const earlier = bases.slice(0, index).filter((base) => base === bases[index]).length;
    return earlier === 0 ? bases[index]! : `${bases[index]} (${earlier + 1})`;
  });
}

function isDatabase(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(databaseMark.length);
    return readSync(file, head, 0, head.length, 0) === head.length && head.toString("latin1") === databaseMark;
  } finally {
    closeSync(file);
  }
}

function unreadable(path: string, why: string, fix: string): UsageError {
  return new UsageError({ what: plainLine(path, 200), why, fix });
}
