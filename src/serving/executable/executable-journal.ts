import { closeSync, openSync, readSync } from "node:fs";
import { eventLine, journalFormat, type JournalHeader } from "../../history/journal.ts";
import type { HistoryEvent } from "../../history/event.ts";
import type { JsonObject } from "../../base/json.ts";
import type { Operation } from "../../kernel/operation.ts";
import type { Change } from "../../ports/service.ts";
import { JournalFile } from "../journal-file.ts";
import type { InstalledSettings } from "./settings.ts";

/** What one run of a program adds to the journal that all share. Without a journal nothing is kept. */
export class ExecutableJournal {
  private readonly file: JournalFile | undefined;
  private readonly operation: Operation;
  private readonly startMs: number;

  constructor(settings: InstalledSettings, operation: Operation) {
    const { journal } = settings;
    this.operation = operation;
    const header = headerOf(settings);
    this.file = journal === null ? undefined : JournalFile.join(journal, header);
    this.startMs = journal === null ? header.startMs : (startOf(journal) ?? header.startMs);
  }

  change(change: Change): void {
    this.append({ kind: "change", atUs: this.nowUs(), op: this.operation, change });
  }

  fault(kind: string, params: JsonObject): void {
    const { site } = this.operation;
    this.append({ kind: "fault", atUs: this.nowUs(), site, fault: kind, params, effect: "done" });
  }

  note(name: string, fields: JsonObject): void {
    const { process, incarnation, taskName: task } = this.operation;
    this.append({ kind: "note", atUs: this.nowUs(), process, incarnation, task, name, fields });
  }

  private append(event: HistoryEvent): void {
    this.file?.write(eventLine(event));
  }

  private nowUs(): number {
    return Math.max(0, Math.round((Date.now() - this.startMs) * 1000));
  }
}

/** Of a journal that begins now. */
export function headerOf({ version, seed, scenario }: InstalledSettings): JournalHeader {
  return {
    kind: "journal",
    format: journalFormat,
    version,
    seed,
    scenario: scenario?.path ?? "",
    startMs: Date.now(),
  };
}

/** What the clock showed when the journal began; undefined when its header cannot be read. */
function startOf(path: string): number | undefined {
  const bytes = Buffer.alloc(headerBytesMax);
  const file = openSync(path, "r");
  try {
    const length = readSync(file, bytes, 0, headerBytesMax, 0);
    const [line = ""] = bytes.toString("utf8", 0, length).split("\n", 1);
    const { startMs } = JSON.parse(line) as Partial<JournalHeader>;
    return typeof startMs === "number" ? startMs : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

const headerBytesMax = 4096;
