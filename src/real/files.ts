import type { Dirent, Stats } from "node:fs";
import {
  constants,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  symlink,
  unlink,
  type FileHandle,
} from "node:fs/promises";
import { assert } from "../base/assert.ts";
import type { EntryKind, FileCall, FileStat, FilesPort, FolderEntry, WriteOptions } from "../ports/files.ts";
import type { Result } from "../ports/result.ts";
import { diskError } from "./disk-error.ts";

/** The disk of this machine. A failure in the middle of an effect is `unknown`: part of it may stand. */
export class RealFiles implements FilesPort {
  readText(path: string, _options?: FileCall): Promise<Result<string>> {
    return attempt(path, () => this.readWith(path, (file) => file.readFile("utf8")));
  }

  readBytes(path: string, _options?: FileCall): Promise<Result<Uint8Array>> {
    return attempt(path, () => this.readWith(path, async (file) => new Uint8Array(await file.readFile())));
  }

  async write(path: string, content: string | Uint8Array, options: WriteOptions = {}): Promise<Result<void>> {
    const opened = await attempt(path, () => openFile(path, writeFlags(options.mode ?? "replace")));
    if (opened.kind !== "ok") return opened;
    const file = opened.value;
    return attemptPart(path, () => useFile(file, () => file.writeFile(content)));
  }

  async sync(path: string, _options?: FileCall): Promise<Result<void>> {
    const opened = await attempt(path, () => open(path, constants.O_RDONLY | nonBlocking));
    if (opened.kind !== "ok") return opened;
    const entry = opened.value;
    return attemptPart(path, () => useFile(entry, () => entry.sync()));
  }

  async rename(from: string, to: string, _options?: FileCall): Promise<Result<void>> {
    assertAbsolute(to);
    return attempt(from, () => rename(from, to));
  }

  async remove(path: string, options: FileCall & { readonly recursive?: boolean } = {}): Promise<Result<void>> {
    const found = await this.stat(path);
    if (found.kind !== "ok") return found;
    if (found.value.kind !== "folder") return attempt(path, () => unlink(path));
    if (options.recursive !== true) return attempt(path, () => rmdir(path));
    return attemptPart(path, () => rm(path, { recursive: true }));
  }

  makeFolder(path: string, _options?: FileCall): Promise<Result<void>> {
    return attempt(path, async () => {
      await mkdir(path, { recursive: true });
    });
  }

  list(path: string, _options?: FileCall): Promise<Result<readonly FolderEntry[]>> {
    return attempt(path, async () => {
      const entries = await readdir(path, { withFileTypes: true });
      return entries
        .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
        .toSorted((left, right) => (left.name < right.name ? -1 : 1));
    });
  }

  stat(path: string, _options?: FileCall): Promise<Result<FileStat>> {
    return attempt(path, async () => {
      const stats = await lstat(path);
      const kind = kindOf(stats);
      return { kind, sizeBytes: kind === "folder" ? 0 : stats.size };
    });
  }

  realPath(path: string, _options?: FileCall): Promise<Result<string>> {
    return attempt(path, () => realpath(path));
  }

  makeLink(target: string, path: string, _options?: FileCall): Promise<Result<void>> {
    return attempt(path, () => symlink(target, path));
  }

  private async readWith<Value>(path: string, read: (file: FileHandle) => Promise<Value>): Promise<Value> {
    const file = await openFile(path, constants.O_RDONLY);
    return useFile(file, () => read(file));
  }
}

/**
 * Opens what is a file and nothing else. A named pipe that somebody planted in a workspace would hold one of the few
 * threads of the file system for ever.
 */
async function openFile(path: string, flags: number): Promise<FileHandle> {
  const file = await open(path, flags | nonBlocking, 0o666);
  const stats = await file.stat();
  if (stats.isFile()) return file;
  await file.close();
  throw Object.assign(new Error("not a file"), { code: stats.isDirectory() ? "EISDIR" : "EINVAL" });
}

/** Absent on Windows. */
const nonBlocking = constants.O_NONBLOCK ?? 0;

function writeFlags(mode: NonNullable<WriteOptions["mode"]>): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_TRUNC, O_APPEND } = constants;
  return O_WRONLY | O_CREAT | { replace: O_TRUNC, createNew: O_EXCL, append: O_APPEND }[mode];
}

async function useFile<Value>(file: FileHandle, use: () => Promise<Value>): Promise<Value> {
  try {
    return await use();
  } finally {
    await file.close();
  }
}

/** An effect that happens as a whole or not at all. */
async function attempt<Value>(path: string, effect: () => Promise<Value>): Promise<Result<Value>> {
  assertAbsolute(path);
  try {
    return { kind: "ok", value: await effect() };
  } catch (error) {
    return { kind: "fail", error: diskError(error, path) };
  }
}

/** An effect that may have happened in part when it fails. */
async function attemptPart(path: string, effect: () => Promise<void>): Promise<Result<void>> {
  const result = await attempt(path, effect);
  return result.kind === "fail" ? { kind: "unknown", error: result.error } : result;
}

function assertAbsolute(path: string): void {
  assert(path.startsWith("/"), `not an absolute path: ${path}`);
}

function kindOf(entry: Dirent | Stats): EntryKind {
  if (entry.isSymbolicLink()) return "link";
  return entry.isDirectory() ? "folder" : "file";
}
