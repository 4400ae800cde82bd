import type { HostDisk } from "../../sim/disk/host-disk.ts";
import { HostFileError } from "../../sim/disk/host-file-error.ts";
import type { UserProcess } from "../node/user-process.ts";
import { bytesOf, encoded, encodingOf, type DiskCalls } from "./disk-calls.ts";
import { diskError } from "./disk-error.ts";
import { perform, performNow, type DiskOperation } from "./disk-operation.ts";
import { FollowedFiles, type FollowedFile } from "./followed-files.ts";

/** What came of opening a file. */
export interface OpenedFile {
  /** As it was opened: absolute. */
  readonly path: string;
  readonly flag: string;
  readonly fd: number;
  readonly file: FollowedFile;
}

/**
 * An open file. It is followed when it gets another name; of one that is removed or replaced nothing is kept: what is written
 * to it is lost, and it cannot be read. Each write puts the whole content that it makes in the file's place.
 */
export class OpenFile {
  /** As it was opened: what its calls are named by. */
  readonly path: string;
  readonly fd: number;

  private readonly process: UserProcess;
  private readonly calls: DiskCalls;
  private readonly file: FollowedFile;
  private readonly appends: boolean;
  private position = 0;
  private isOpen = true;

  constructor(process: UserProcess, calls: DiskCalls, opened: OpenedFile) {
    this.process = process;
    this.calls = calls;
    this.path = opened.path;
    this.fd = opened.fd;
    this.file = opened.file;
    this.appends = opened.flag.startsWith("a");
  }

  /** Again is no mistake. */
  close(): void {
    this.isOpen = false;
    FollowedFiles.of(this.process.host).forget(this.file);
  }

  /** @returns how many bytes were read */
  read(into: Uint8Array, offset: number, length: number, position: number | null): DiskOperation<number> {
    this.assertOpen("read");
    return {
      call: "read",
      path: this.path,
      writes: false,
      effect: (disk) => {
        const at = this.file.path;
        if (at === undefined) throw new HostFileError("ENOENT", this.path);
        const from = position ?? this.position;
        const bytes = disk.readBytes(at).subarray(from, from + length);
        into.set(bytes, offset);
        if (position === null) this.position += bytes.length;
        return bytes.length;
      },
    };
  }

  /** @returns how many bytes were written */
  write(bytes: Uint8Array, position: number | null): DiskOperation<number> {
    this.assertOpen("write");
    return {
      call: "write",
      path: this.path,
      writes: true,
      effect: (disk) => {
        const from = position ?? this.position;
        this.put(disk, bytes, from);
        if (position === null) this.position = from + bytes.length;
        return bytes.length;
      },
      tear: (disk, keepPermille) => {
        const keepBytes = Math.floor((bytes.length * keepPermille) / 1_000);
        this.put(disk, bytes.subarray(0, keepBytes), position ?? this.position);
      },
    };
  }

  /** `FileHandle` of `node:fs/promises`. */
  handle(): object {
    const { process, calls, path, fd } = this;
    const on = <Value>(operation: DiskOperation<Value>): Promise<Value> => perform(process, operation);
    return {
      fd,
      close: async () => this.close(),
      read: async (
        into: Uint8Array,
        offset = 0,
        length = into.byteLength - offset,
        position: number | null = null,
      ) => ({
        bytesRead: await on(this.read(into, offset, length, position)),
        buffer: into,
      }),
      write: async (data: string | Uint8Array, ...rest: unknown[]) => {
        const { bytes, position } = written(data, rest);
        return { bytesWritten: await on(this.write(bytes, position)), buffer: data };
      },
      readFile: async (options?: BufferEncoding) =>
        encoded(Buffer.from(await on(calls.readFile(path))), encodingOf(options)),
      writeFile: async (data: unknown) => void (await on(this.write(bytesOf(data, undefined), null))),
      appendFile: async (data: unknown) => on(calls.appendFile(path, data)),
      sync: async () => on(calls.fsync(path)),
      datasync: async () => on(calls.fsync(path)),
      stat: async () => on(calls.stat(path)),
      truncate: async (length?: number) => on(calls.truncate(path, length)),
      utimes: async (accessed: unknown, changed: unknown) => on(calls.utimes(path, accessed, changed)),
      chmod: async () => on(calls.chmod(path)),
      [Symbol.asyncDispose]: async () => this.close(),
    };
  }

  now<Value>(operation: DiskOperation<Value>): Value {
    return performNow(this.process, operation);
  }

  private put(disk: HostDisk, bytes: Uint8Array, from: number): void {
    const at = this.file.path;
    if (at === undefined) return;
    if (this.appends) {
      disk.write(at, bytes, "append");
      return;
    }
    const before = Buffer.from(disk.readBytes(at));
    const gap = Buffer.alloc(Math.max(0, from - before.length));
    disk.write(at, Buffer.concat([before.subarray(0, from), gap, bytes, before.subarray(from + bytes.length)]));
  }

  private assertOpen(call: string): void {
    if (!this.isOpen) throw diskError("EBADF", call, this.path);
  }
}

/** `(string, position?, encoding?)` or `(bytes, offset?, length?, position?)`. */
export function written(
  data: string | Uint8Array,
  rest: readonly unknown[],
): { bytes: Uint8Array; position: number | null } {
  const numberOr = <Other>(value: unknown, other: Other): number | Other => (typeof value === "number" ? value : other);
  if (typeof data === "string") {
    const bytes = Buffer.from(data, typeof rest[1] === "string" ? (rest[1] as BufferEncoding) : "utf8");
    return { bytes, position: numberOr(rest[0], null) };
  }
  const offset = numberOr(rest[0], 0);
  const length = numberOr(rest[1], data.byteLength - offset);
  return { bytes: data.subarray(offset, offset + length), position: numberOr(rest[2], null) };
}
