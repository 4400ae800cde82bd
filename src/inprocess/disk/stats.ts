import type { EntryKind } from "../../ports/files.ts";

/** What both can be asked. Devices, pipes and sockets do not lie on the simulated disk. */
class Entry {
  private readonly kind: EntryKind;

  constructor(kind: EntryKind) {
    this.kind = kind;
  }

  isFile(): boolean {
    return this.kind === "file";
  }

  isDirectory(): boolean {
    return this.kind === "folder";
  }

  isSymbolicLink(): boolean {
    return this.kind === "link";
  }

  isBlockDevice(): boolean {
    return false;
  }

  isCharacterDevice(): boolean {
    return false;
  }

  isFIFO(): boolean {
    return false;
  }

  isSocket(): boolean {
    return false;
  }
}

/** `fs.Stats`. Owners, modes and numbers of nodes are not modelled: they are the same for all. */
export class Stats extends Entry {
  readonly dev = 1;
  readonly ino = 0;
  readonly nlink = 1;
  readonly uid = 1_000;
  readonly gid = 1_000;
  readonly rdev = 0;
  readonly blksize = 4_096;
  readonly mode: number;
  readonly blocks: number;
  readonly size: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;

  constructor({ kind, sizeBytes }: { readonly kind: EntryKind; readonly sizeBytes: number }, changedMs: number) {
    super(kind);
    this.mode = modes[kind];
    this.size = sizeBytes;
    this.blocks = Math.ceil(sizeBytes / 512);
    this.atimeMs = changedMs;
    this.mtimeMs = changedMs;
    this.ctimeMs = changedMs;
    this.birthtimeMs = changedMs;
  }

  get atime(): Date {
    return new Date(this.atimeMs);
  }

  get mtime(): Date {
    return new Date(this.mtimeMs);
  }

  get ctime(): Date {
    return new Date(this.ctimeMs);
  }

  get birthtime(): Date {
    return new Date(this.birthtimeMs);
  }
}

/** `fs.Dirent`. */
export class Dirent extends Entry {
  readonly name: string;
  readonly parentPath: string;

  constructor(name: string, parentPath: string, kind: EntryKind) {
    super(kind);
    this.name = name;
    this.parentPath = parentPath;
  }
}

const modes: Readonly<Record<EntryKind, number>> = { file: 0o100_644, folder: 0o040_755, link: 0o120_777 };
