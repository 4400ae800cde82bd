import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  type Dirent,
  type Stats,
} from "node:fs";
import { assert } from "../../base/assert.ts";
import type { EntryKind, FolderEntry } from "../../ports/files.ts";
import type { HostFiles } from "../../ports/program.ts";
import type { DiskErrorCode } from "../../ports/result.ts";
import { diskErrorCode } from "../../real/disk-error.ts";

/** The disk of this machine as a program sees it, with the refusals that the simulated one has. */
export class RealHostFiles implements HostFiles {
  readText(path: string): string {
    return attempt(path, () => withFile(path, constants.O_RDONLY, (file) => readFileSync(file, "utf8")));
  }

  readBytes(path: string): Uint8Array {
    return attempt(path, () => withFile(path, constants.O_RDONLY, (file) => new Uint8Array(readFileSync(file))));
  }

  write(path: string, content: string | Uint8Array, mode: "replace" | "createNew" | "append" = "replace"): void {
    const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC, O_APPEND } = constants;
    const flags = O_WRONLY | O_CREAT | { replace: O_TRUNC, createNew: O_EXCL, append: O_APPEND }[mode];
    attempt(path, () => withFile(path, flags, (file) => writeFileSync(file, content)));
  }

  sync(path: string): void {
    attempt(path, () => {
      const entry = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        fsyncSync(entry);
      } finally {
        closeSync(entry);
      }
    });
  }

  rename(from: string, to: string): void {
    attempt(from, () => renameSync(from, to));
  }

  remove(path: string, { recursive = false }: { readonly recursive?: boolean } = {}): void {
    attempt(path, () => {
      if (!lstatSync(path).isDirectory()) unlinkSync(path);
      else if (recursive) rmSync(path, { recursive: true });
      else rmdirSync(path);
    });
  }

  makeFolder(path: string): void {
    attempt(path, () => {
      mkdirSync(path, { recursive: true });
    });
  }

  list(path: string): readonly FolderEntry[] {
    return attempt(path, () =>
      readdirSync(path, { withFileTypes: true })
        .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
        .toSorted((left, right) => (left.name < right.name ? -1 : 1)),
    );
  }

  stat(path: string): { readonly kind: EntryKind; readonly sizeBytes: number } | null {
    return attempt(path, () => {
      const stats = statIfThere(path);
      if (stats === undefined) return null;
      const kind = kindOf(stats);
      return { kind, sizeBytes: kind === "folder" ? 0 : stats.size };
    });
  }

  realPath(path: string): string {
    return attempt(path, () => realpathSync(path));
  }

  makeLink(target: string, path: string): void {
    attempt(path, () => symlinkSync(target, path));
  }
}

/** Thrown to the program: the world's failure. Told by its name, as that of the simulated disk is. */
export class HostFileError extends Error {
  override readonly name = "HostFileError";
  readonly code: DiskErrorCode;
  readonly path: string;

  constructor(code: DiskErrorCode, path: string) {
    super(`${path}: ${code}`);
    this.code = code;
    this.path = path;
  }
}

/** undefined when it is absent; below what is no folder it cannot be absent. */
function statIfThere(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (diskErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Only of what is a file: a named pipe would hold the program for ever. */
function withFile<Value>(path: string, flags: number, use: (file: number) => Value): Value {
  const file = openSync(path, flags | constants.O_NONBLOCK, 0o666);
  try {
    const stats = fstatSync(file);
    if (stats.isFile()) return use(file);
    throw Object.assign(new Error("not a file"), { code: stats.isDirectory() ? "EISDIR" : "EINVAL" });
  } finally {
    closeSync(file);
  }
}

function kindOf(entry: Dirent | Stats): EntryKind {
  if (entry.isSymbolicLink()) return "link";
  return entry.isDirectory() ? "folder" : "file";
}

function attempt<Value>(path: string, effect: () => Value): Value {
  assert(path.startsWith("/"), `not an absolute path: ${path}`);
  try {
    return effect();
  } catch (error) {
    throw new HostFileError(diskErrorCode(error), path);
  }
}
