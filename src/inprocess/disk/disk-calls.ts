import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { purpose } from "../../kernel/draws.ts";
import type { HostDisk, WriteMode } from "../../sim/disk/host-disk.ts";
import { HostFileError } from "../../sim/disk/host-file-error.ts";
import type { UserProcess } from "../node/user-process.ts";
import type { DiskOperation } from "./disk-operation.ts";
import type { FileTimes } from "./file-times.ts";
import { FollowedFiles, type FollowedFile } from "./followed-files.ts";
import { Dirent, Stats } from "./stats.ts";

export type PathLike = string | URL | Buffer;
type Encoding = BufferEncoding | "buffer" | null | undefined;
type Encoded = Encoding | { readonly encoding?: Encoding };

/**
 * The calls of `node:fs`, each as what it does to the disk. Times are kept beside the disk; permissions and owners are not
 * modelled, and calls that only change those find the file and leave it as it is.
 */
export class DiskCalls {
  private readonly process: UserProcess;
  private readonly times: FileTimes;
  private readonly followed: FollowedFiles;
  /** Where relative paths begin. */
  private readonly cwd: () => string;

  constructor(process: UserProcess, times: FileTimes, cwd: () => string) {
    this.process = process;
    this.times = times;
    this.followed = FollowedFiles.of(process.host);
    this.cwd = cwd;
  }

  readonly readFile = (path: PathLike, options?: Encoded): DiskOperation<string | Buffer> =>
    this.reading("open", path, (disk, at) => encoded(Buffer.from(disk.readBytes(at)), encodingOf(options)));

  /** A whole file at once: the synchronous form. */
  readonly writeFile = (path: PathLike, data: unknown, options?: WriteOptions): DiskOperation<void> =>
    this.content(path, wholeContent(data, options, "w"));

  readonly appendFile = (path: PathLike, data: unknown, options?: WriteOptions): DiskOperation<void> =>
    this.content(path, wholeContent(data, options, "a"));

  /** Makes sure that what is opened is there, as its flag says. */
  readonly open = (path: PathLike, flag: string): DiskOperation<FollowedFile> => {
    const effect = (disk: HostDisk, at: string): FollowedFile => {
      if (flag.startsWith("w")) disk.write(at, "", flag.includes("x") ? "createNew" : "replace");
      else if (flag.startsWith("a")) disk.write(at, "", flag.includes("x") ? "createNew" : "append");
      return this.followed.follow(disk.realPath(at));
    };
    return flag.startsWith("r") ? this.reading("open", path, effect) : this.writing("open", path, effect);
  };

  readonly mkdir = (path: PathLike, options?: { readonly recursive?: boolean } | number | null) =>
    this.writing("mkdir", path, (disk, at): string | undefined => {
      const recursive = typeof options === "object" && options?.recursive === true;
      const there = statOf(disk, at);
      if (!recursive) {
        if (there !== null || disk.stat(at) !== null) throw new HostFileError("EEXIST", at);
        const parent = statOf(disk, posix.dirname(at));
        if (parent === null) throw new HostFileError("ENOENT", at);
        if (parent.kind !== "folder") throw new HostFileError("ENOTDIR", at);
      }
      const first = there === null ? firstAbsent(disk, at) : undefined;
      disk.makeFolder(at);
      if (first === undefined) return undefined;
      for (let made = at; made.length >= first.length; made = posix.dirname(made)) this.times.touch(made);
      return recursive ? first : undefined;
    });

  readonly mkdtemp = (prefix: string) =>
    this.writing("mkdtemp", prefix, (disk, at): string => {
      const { context } = this.process.task;
      const draw = context.world.kernel.draws.id(
        context.task.siteHash,
        purpose(`mkdtemp ${context.task.countDraw("mkdtemp")}`),
      );
      const word = draw.slice(0, 6);
      const path = `${at}${prefix.endsWith("/") ? "/" : ""}${word}`;
      disk.makeFolder(path);
      this.times.touch(path);
      return prefix + word;
    });

  readonly readdir = (path: PathLike, options?: ReaddirOptions | Encoding) =>
    this.reading("scandir", path, (disk, at): (string | Dirent)[] => {
      const { withFileTypes = false, recursive = false } =
        typeof options === "object" && options !== null ? options : {};
      const found: (string | Dirent)[] = [];
      const visit = (folder: string, prefix: string): void => {
        for (const { name, kind } of disk.list(folder)) {
          found.push(withFileTypes ? new Dirent(name, folder, kind) : prefix + name);
          if (recursive && kind === "folder") visit(posix.join(folder, name), `${prefix}${name}/`);
        }
      };
      visit(at, "");
      return found;
    });

  readonly stat = (path: PathLike, options?: { readonly throwIfNoEntry?: boolean } | null) =>
    this.reading("stat", path, (disk, at): Stats | undefined => this.statsOf(disk, at, statOf(disk, at), options));

  readonly lstat = (path: PathLike, options?: { readonly throwIfNoEntry?: boolean } | null) =>
    this.reading("lstat", path, (disk, at): Stats | undefined => this.statsOf(disk, at, disk.stat(at), options));

  readonly access = (path: PathLike) => this.existing("access", path);

  readonly exists = (path: PathLike) => this.reading("access", path, (disk, at) => statOf(disk, at) !== null);

  readonly rename = (from: PathLike, to: PathLike): DiskOperation<void> => {
    const source = this.absolute(from);
    return this.writing("rename", to, (disk, at) => disk.rename(source, at));
  };

  readonly unlink = (path: PathLike) =>
    this.writing("unlink", path, (disk, at) => {
      if (disk.stat(at)?.kind === "folder") throw new HostFileError("EISDIR", at);
      disk.remove(at);
    });

  readonly rmdir = (path: PathLike) =>
    this.writing("rmdir", path, (disk, at) => {
      const there = disk.stat(at);
      if (there !== null && there.kind !== "folder") throw new HostFileError("ENOTDIR", at);
      disk.remove(at);
    });

  readonly rm = (path: PathLike, options?: { readonly recursive?: boolean; readonly force?: boolean }) =>
    this.writing("rm", path, (disk, at) => {
      const there = disk.stat(at);
      if (there === null && options?.force === true) return;
      const recursive = options?.recursive === true;
      if (there?.kind === "folder" && !recursive) throw new HostFileError("EISDIR", at);
      disk.remove(at, { recursive });
    });

  readonly copyFile = (from: PathLike, to: PathLike): DiskOperation<void> => {
    const source = this.absolute(from);
    return this.writing("copyfile", to, (disk, at) => disk.write(at, disk.readBytes(source)));
  };

  readonly symlink = (target: PathLike, path: PathLike) =>
    this.writing("symlink", path, (disk, at) => disk.makeLink(String(target), at));

  readonly realpath = (path: PathLike) => this.reading("realpath", path, (disk, at) => disk.realPath(at));

  readonly truncate = (path: PathLike, length = 0) =>
    this.writing("truncate", path, (disk, at) => {
      const before = Buffer.from(disk.readBytes(at));
      disk.write(at, Buffer.concat([before.subarray(0, length), Buffer.alloc(Math.max(0, length - before.length))]));
    });

  readonly fsync = (path: PathLike) => this.writing("fsync", path, (disk, at) => disk.sync(at));

  readonly utimes = (path: PathLike, _accessed: unknown, changed: unknown) =>
    this.writing("utime", path, (disk, at) => {
      if (statOf(disk, at) === null) throw new HostFileError("ENOENT", at);
      const ms = changed instanceof Date ? changed.getTime() : Number(changed) * 1_000;
      this.times.touch(at, ms);
    });

  /** What changes nothing that is modelled. */
  readonly chmod = (path: PathLike) => this.existing("chmod", path);

  readonly chown = (path: PathLike) => this.existing("chown", path);

  absolute(path: PathLike): string {
    const text = path instanceof URL ? fileURLToPath(path) : path.toString();
    if (text.includes("\0")) {
      const error = new TypeError("The argument 'path' must be a string without null bytes.");
      throw Object.assign(error, { code: "ERR_INVALID_ARG_VALUE" });
    }
    return posix.resolve(this.cwd(), text);
  }

  private content(path: PathLike, { bytes, flag }: WholeContent): DiskOperation<void> {
    const mode: WriteMode = flag.includes("x") ? "createNew" : flag.startsWith("a") ? "append" : "replace";
    const at = this.absolute(path);
    return {
      ...this.writing("open", path, (disk) => disk.write(at, bytes, mode)),
      tear: (disk, keepPermille) => disk.tornWrite(at, bytes, mode, Math.floor((bytes.length * keepPermille) / 1_000)),
    };
  }

  private existing(call: string, path: PathLike): DiskOperation<void> {
    return this.reading(call, path, (disk, at) => {
      if (statOf(disk, at) === null) throw new HostFileError("ENOENT", at);
    });
  }

  private statsOf(
    disk: HostDisk,
    path: string,
    found: ReturnType<HostDisk["stat"]>,
    options: { readonly throwIfNoEntry?: boolean } | null | undefined,
  ): Stats | undefined {
    if (found !== null) return new Stats(found, this.times.changed(disk.realPath(path)));
    if (options?.throwIfNoEntry === false) return undefined;
    throw new HostFileError("ENOENT", path);
  }

  private reading<Value>(call: string, path: PathLike, effect: (disk: HostDisk, at: string) => Value) {
    const at = this.absolute(path);
    return { call, path: at, writes: false, effect: (disk: HostDisk) => effect(disk, at) };
  }

  private writing<Value>(call: string, path: PathLike, effect: (disk: HostDisk, at: string) => Value) {
    return { ...this.reading(call, path, effect), writes: true };
  }
}

export type WriteOptions = BufferEncoding | null | undefined | FileOptions;

/** What `writeFile` and its like put into a file, and how they open it. */
interface WholeContent {
  readonly bytes: Uint8Array;
  readonly flag: string;
}

export function wholeContent(data: unknown, options: WriteOptions, flagUnlessSaid: string): WholeContent {
  const given: FileOptions = typeof options === "object" && options !== null ? options : { encoding: options ?? null };
  return { bytes: bytesOf(data, given.encoding), flag: given.flag ?? flagUnlessSaid };
}

interface FileOptions {
  readonly encoding?: BufferEncoding | null;
  readonly flag?: string;
}

interface ReaddirOptions {
  readonly withFileTypes?: boolean;
  readonly recursive?: boolean;
  readonly encoding?: Encoding;
}

/** With links followed; null when there is nothing at their end. */
function statOf(disk: HostDisk, path: string): ReturnType<HostDisk["stat"]> {
  try {
    return disk.stat(disk.realPath(path));
  } catch (error) {
    if (error instanceof HostFileError && error.code === "ENOENT") return null;
    throw error;
  }
}

function firstAbsent(disk: HostDisk, path: string): string {
  let absent = path;
  for (let above = posix.dirname(path); disk.stat(above) === null; above = posix.dirname(above)) absent = above;
  return absent;
}

export function bytesOf(data: unknown, encoding: BufferEncoding | null | undefined): Uint8Array {
  if (typeof data === "string") return Buffer.from(data, encoding ?? "utf8");
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const error = new TypeError('The "data" argument must be of type string or an instance of Buffer or DataView.');
  throw Object.assign(error, { code: "ERR_INVALID_ARG_TYPE" });
}

export function encodingOf(options: Encoded): BufferEncoding | undefined {
  const encoding = typeof options === "object" && options !== null ? options.encoding : options;
  return encoding === null || encoding === undefined || encoding === "buffer" ? undefined : encoding;
}

export function encoded(bytes: Buffer, encoding: BufferEncoding | undefined): string | Buffer {
  return encoding === undefined ? bytes : bytes.toString(encoding);
}
