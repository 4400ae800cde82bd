import { posix } from "node:path";
import type { Footprint } from "../../../src/base/footprint.ts";
import type { JsonObject } from "../../../src/base/json.ts";
import { isJsonObject } from "../../../src/base/json.ts";
import type { ProgramContext } from "../../../src/ports/program.ts";
import { isHostFileFailure } from "../host-file-failure.ts";

/** What a session cost so far, over all processes that had it. */
export interface SessionTotals {
  readonly costUsd: number;
  /** By model, as the `modelUsage` of a result. */
  readonly modelUsage: Readonly<Record<string, JsonObject>>;
}

export interface KeptSession {
  readonly id: string;
  readonly turns: number;
  readonly totals: SessionTotals;
  /** As they stand in its file. */
  readonly lines: readonly JsonObject[];
}

export const NO_TOTALS: SessionTotals = { costUsd: 0, modelUsage: {} };

/**
 * The sessions of one folder, one file each, as JSON lines: where the real one has them, `projects/FOLDER/ID.jsonl` below
 * `CLAUDE_CONFIG_DIR` or `HOME/.claude`, with its `user` and `assistant` lines, and one of our own for what it cost.
 * Where neither variable is set, nothing is kept.
 */
export class Sessions {
  private readonly context: ProgramContext;
  /** undefined: nothing is kept. */
  private readonly folder: string | undefined;

  constructor(context: ProgramContext) {
    this.context = context;
    const home = context.env["HOME"];
    const settings = context.env["CLAUDE_CONFIG_DIR"] ?? (home === undefined ? undefined : posix.join(home, ".claude"));
    const name = context.cwd.replaceAll(/[^A-Za-z0-9]/g, "-");
    this.folder = settings === undefined ? undefined : posix.join(settings, "projects", name);
  }

  /** One footprint for all of them, since the last one of the folder depends on each. */
  touched(rw: Footprint["rw"]): readonly Footprint[] {
    return this.folder === undefined ? [] : [{ id: `disk:${this.folder}`, rw }];
  }

  private path(id: string): string | undefined {
    return this.folder === undefined ? undefined : posix.join(this.folder, `${id}.jsonl`);
  }

  read(id: string): KeptSession | undefined {
    const path = this.path(id);
    if (path === undefined || this.context.files.stat(path)?.kind !== "file") return undefined;
    const lines = this.context.files.readText(path).split("\n").flatMap(parseLine);
    const totals = lines.findLast((line) => line["type"] === TOTALS);
    return {
      id,
      turns: lines.filter((line) => line["type"] === "user" && line["promptSource"] === "sdk").length,
      totals: totals === undefined ? NO_TOTALS : (totals["totals"] as unknown as SessionTotals),
      lines,
    };
  }

  /** The one that was last written to; of two at the same instant, the one whose id comes last. */
  readLatest(): KeptSession | undefined {
    const { folder } = this;
    if (folder === undefined || this.context.files.stat(folder) === null) return undefined;
    const all = this.context.files
      .list(folder)
      .filter(({ name }) => name.endsWith(".jsonl"))
      .flatMap(({ name }) => this.read(name.slice(0, -".jsonl".length)) ?? [])
      .map((session) => ({ session, key: `${lastTimestamp(session)} ${session.id}` }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return all.at(-1)?.session;
  }

  /** A disk that refuses costs the session alone, as with the real one. */
  append(id: string, lines: readonly JsonObject[]): void {
    const path = this.path(id);
    if (path === undefined) return;
    try {
      this.context.files.makeFolder(posix.dirname(path));
      this.context.files.write(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""), "append");
    } catch (error) {
      if (!isHostFileFailure(error)) throw error;
    }
  }

  appendTotals(id: string, timestamp: string, totals: SessionTotals): void {
    this.append(id, [{ type: TOTALS, sessionId: id, timestamp, totals: totals as unknown as JsonObject }]);
  }
}

const TOTALS = "totals";

function lastTimestamp(session: KeptSession): string {
  const timestamp = session.lines.at(-1)?.["timestamp"];
  return typeof timestamp === "string" ? timestamp : "";
}

/** The last line of one that was killed may be cut. */
function parseLine(line: string): readonly JsonObject[] {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? [value] : [];
  } catch {
    return [];
  }
}
