import { assert } from "../../base/assert.ts";
import type { HostFiles } from "../../ports/program.ts";
import type { DiskErrorCode } from "../../ports/result.ts";
import { HostFileError } from "./host-files.ts";

/**
 * All that a program was told by the world so far. A generator cannot be handed to another process; run again on the
 * tape it gets to the same place, without touching anything on the way.
 */
export type Tape = readonly TapeEntry[];

export type TapeEntry =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "bytes"; readonly base64: string }
  | { readonly kind: "failure"; readonly code: DiskErrorCode; readonly path: string };

/** Plays a tape to its end, then asks the world itself and records what it says. */
export class TapeRecorder {
  private readonly entries: Recorded[] = [];
  private readonly played: Tape;
  private position = 0;

  constructor(played: Tape = []) {
    this.played = played;
  }

  /** Whether what comes now happened before. */
  get isReplaying(): boolean {
    return this.position < this.played.length;
  }

  ask<Value>(effect: () => Value): Value {
    const entry = this.next();
    if (entry !== undefined) return valueOf(entry) as Value;
    try {
      const value = effect();
      this.entries.push({ value });
      return value;
    } catch (error) {
      if (error instanceof HostFileError) this.entries.push({ failure: error });
      throw error;
    }
  }

  async wait<Value>(effect: () => Promise<Value>): Promise<Value> {
    const entry = this.next();
    if (entry !== undefined) return valueOf(entry) as Value;
    const value = await effect();
    this.entries.push({ value });
    return value;
  }

  /** What was asked of the world itself, in a form that can be written as JSON. */
  tape(): Tape {
    assert(this.played.length === 0, "only what was recorded from the start can be played again");
    return this.entries.map((entry) => {
      if ("failure" in entry) return { kind: "failure", code: entry.failure.code, path: entry.failure.path };
      const { value } = entry;
      if (value instanceof Uint8Array) return { kind: "bytes", base64: Buffer.from(value).toString("base64") };
      return { kind: "value", value };
    });
  }

  private next(): TapeEntry | undefined {
    return this.isReplaying ? this.played[this.position++] : undefined;
  }
}

/** The same disk, with every answer on the tape. */
export function recordedFiles(files: HostFiles, tape: TapeRecorder): HostFiles {
  return {
    readText: (path) => tape.ask(() => files.readText(path)),
    readBytes: (path) => tape.ask(() => files.readBytes(path)),
    write: (path, content, mode) => tape.ask(() => files.write(path, content, mode)),
    sync: (path) => tape.ask(() => files.sync(path)),
    rename: (from, to) => tape.ask(() => files.rename(from, to)),
    remove: (path, options) => tape.ask(() => files.remove(path, options)),
    makeFolder: (path) => tape.ask(() => files.makeFolder(path)),
    list: (path) => tape.ask(() => files.list(path)),
    stat: (path) => tape.ask(() => files.stat(path)),
    realPath: (path) => tape.ask(() => files.realPath(path)),
    makeLink: (target, path) => tape.ask(() => files.makeLink(target, path)),
  };
}

type Recorded = { readonly value: unknown } | { readonly failure: HostFileError };

function valueOf(entry: TapeEntry): unknown {
  if (entry.kind === "failure") throw new HostFileError(entry.code, entry.path);
  return entry.kind === "bytes" ? new Uint8Array(Buffer.from(entry.base64, "base64")) : entry.value;
}
