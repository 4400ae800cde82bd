import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { assert } from "../base/assert.ts";
import { eventLine, headerLine, type JournalHeader } from "../history/journal.ts";
import type { HistoryEvent } from "../history/event.ts";

/**
 * A journal on disk. Each line is one write at the end of the file, done before the call returns: lines of several
 * processes never mix, and a process that is killed has lost none that it wrote.
 */
export class JournalFile {
  private readonly descriptor: number;
  private failure: string | undefined;
  private isOpen = true;

  private constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  /** A new journal, in place of any that is there. @throws NodeJS.ErrnoException when the file cannot be written */
  static create(path: string, header: JournalHeader): JournalFile {
    const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND } = constants;
    const file = new JournalFile(openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o644));
    file.write(headerLine(header));
    return file;
  }

  /** The journal that is there; who comes first makes it. @throws NodeJS.ErrnoException */
  static join(path: string, header: JournalHeader): JournalFile {
    const { O_WRONLY, O_APPEND } = constants;
    if (!existsSync(path)) appear(path, `${headerLine(header)}\n`);
    return new JournalFile(openSync(path, O_WRONLY | O_APPEND));
  }

  /** Why lines are missing: the code of the first write that failed, as ENOSPC. Nothing is written after it. */
  get failed(): string | undefined {
    return this.failure;
  }

  append(event: HistoryEvent): void {
    this.write(eventLine(event));
  }

  /** Makes what was written survive a crash of the machine, and closes the file. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    try {
      fsyncSync(this.descriptor);
    } catch (error) {
      // A pipe or a terminal cannot be synced, and need not be.
      if (!["EINVAL", "EROFS", "ENOTSUP"].includes(codeOf(error))) this.failure ??= codeOf(error);
    }
    closeSync(this.descriptor);
  }

  /** @param line without its end */
  write(line: string): void {
    assert(this.isOpen, "the journal is closed");
    if (this.failure !== undefined) return;
    let bytes: Uint8Array = Buffer.from(`${line}\n`);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(writeSync(this.descriptor, bytes));
    } catch (error) {
      this.failure = codeOf(error);
    }
  }
}

/** Makes a file with its content at once, unless it is there: nobody can come between the two. */
function appear(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    unlinkSync(temporary);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown";
}
