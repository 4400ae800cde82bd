import fs from "node:fs";
import { Readable, Writable } from "node:stream";
import { assert } from "../../base/assert.ts";
import { outsideSimulatedCode } from "../../kernel/guards.ts";
import type { Callback, UserProcess } from "../node/user-process.ts";
import { DiskCalls, encodingOf, wholeContent, type PathLike, type WriteOptions } from "./disk-calls.ts";
import { diskError } from "./disk-error.ts";
import { perform, performNow, type DiskOperation } from "./disk-operation.ts";
import { FileTimes } from "./file-times.ts";
import type { FollowedFile } from "./followed-files.ts";
import { OpenFile, written } from "./open-file.ts";
import { Dirent, Stats } from "./stats.ts";

type Define = (...args: never[]) => DiskOperation<unknown>;

/** `node:fs` and `node:fs/promises` on the disk of the simulated host. */
export function diskModules(
  process: UserProcess,
  cwd: () => string,
): { readonly fs: object; readonly promises: object } {
  const calls = new DiskCalls(process, FileTimes.of(process.world, process.host), cwd);
  const plain: Readonly<Record<string, Define>> = {
    readFile: calls.readFile,
    writeFile: calls.writeFile,
    appendFile: calls.appendFile,
    mkdir: calls.mkdir,
    mkdtemp: calls.mkdtemp,
    readdir: calls.readdir,
    stat: calls.stat,
    lstat: calls.lstat,
    access: calls.access,
    rename: calls.rename,
    unlink: calls.unlink,
    rmdir: calls.rmdir,
    rm: calls.rm,
    copyFile: calls.copyFile,
    symlink: calls.symlink,
    realpath: calls.realpath,
    truncate: calls.truncate,
    utimes: calls.utimes,
    chmod: calls.chmod,
    chown: calls.chown,
  };
  const promises: Record<string, unknown> = { constants: fs.constants };
  const module: Record<string, unknown> = {
    constants: fs.constants,
    Stats,
    Dirent,
    F_OK: 0,
    R_OK: 4,
    W_OK: 2,
    X_OK: 1,
  };
  for (const [name, define] of Object.entries(plain)) {
    promises[name] = async (...args: never[]) => perform(process, define(...args));
    module[name] = withCallback(process, async (...args) => perform(process, define(...args)));
    module[`${name}Sync`] = (...args: never[]) => performNow(process, define(...args));
  }
  addNativeForms(module);
  module["exists"] = (path: PathLike, answer: (there: unknown) => void) => {
    void perform(process, calls.exists(path)).then((there) => process.runCallback(() => answer(there)));
  };
  module["existsSync"] = (path: PathLike) => performNow(process, calls.exists(path));
  const files = new OpenFiles(process, calls);
  Object.assign(promises, files.promises());
  Object.assign(module, files.functions(), { promises });
  for (const [name, instead] of refused) {
    module[name] = () => process.refuse(`fs.${name}`, instead);
    promises[name] = module[name];
  }
  refuseTheRest(process, module, fs, "fs");
  refuseTheRest(process, promises, fs.promises, "fs/promises");
  return { fs: module, promises };
}

/** The callback form of what gives a promise. */
function withCallback(process: UserProcess, call: (...args: never[]) => Promise<unknown>) {
  return (...args: unknown[]): void => {
    const callback = args.at(-1) as Callback;
    if (typeof callback !== "function") {
      const error = new TypeError('The "cb" argument must be of type function.');
      throw Object.assign(error, { code: "ERR_INVALID_ARG_TYPE" });
    }
    void process.callBack(callback, call(...(args.slice(0, -1) as never[])));
  };
}

const refused: readonly (readonly [name: string, instead: string])[] = [
  ["watch", "reading again at intervals: nothing tells the simulation when a file changes"],
  ["watchFile", "reading again at intervals: nothing tells the simulation when a file changes"],
];

/** Whatever else the module has is named when it is called, rather than absent. */
function refuseTheRest(
  process: UserProcess,
  own: Record<string, unknown>,
  real: Readonly<Record<string, unknown>>,
  module: string,
): void {
  for (const name of outsideSimulatedCode(() => Object.keys(real))) {
    if (name in own || typeof Object.getOwnPropertyDescriptor(real, name)?.value !== "function") continue;
    own[name] = () => process.unmodelled(`${module}.${name}`);
  }
}

function addNativeForms(module: Record<string, unknown>): void {
  for (const name of ["realpath", "realpathSync"]) {
    const call = module[name] as object;
    Object.assign(call, { native: call });
  }
}

/** Files by descriptor, and the streams over files. */
class OpenFiles {
  private readonly process: UserProcess;
  private readonly calls: DiskCalls;
  private readonly open = new Map<number, OpenFile>();
  private nextFd = 20;

  constructor(process: UserProcess, calls: DiskCalls) {
    this.process = process;
    this.calls = calls;
  }

  promises(): object {
    return {
      open: async (path: PathLike, flag: unknown = "r") => {
        const file = await this.opened(path, flagOf(flag));
        return file.handle();
      },
      writeFile: this.writing("w"),
      appendFile: this.writing("a"),
    };
  }

  functions(): object {
    const { process } = this;
    const opened = async (path: PathLike, flag: unknown = "r"): Promise<number> => {
      const file = await this.opened(path, flagOf(flag));
      return file.fd;
    };
    const read = (
      fd: number,
      into: Uint8Array,
      offset = 0,
      length = into.byteLength - offset,
      at: number | null = null,
    ) => this.file(fd, "read").read(into, offset, length, at);
    const write = (fd: number, data: string | Uint8Array, ...rest: unknown[]) => {
      const { bytes, position } = written(data, rest);
      return this.file(fd, "write").write(bytes, position);
    };
    const sync = (fd: number) => this.calls.fsync(this.file(fd, "fsync").path);
    const stat = (fd: number) => this.calls.stat(this.file(fd, "fstat").path);
    return {
      open: withCallback(process, opened),
      openSync: (path: PathLike, flag: unknown = "r") => {
        const flags = flagOf(flag);
        return this.add(path, flags, performNow(process, this.calls.open(path, flags))).fd;
      },
      writeFile: withCallback(process, this.writing("w")),
      appendFile: withCallback(process, this.writing("a")),
      close: withCallback(process, async (fd: never) => this.shut(fd)),
      closeSync: (fd: number) => this.shut(fd),
      read: withCallback(process, async (...args: never[]) =>
        perform(process, read(...(args as unknown as [number, Buffer]))),
      ),
      readSync: (...args: [number, Uint8Array]) => performNow(process, read(...args)),
      write: withCallback(process, async (...args: never[]) =>
        perform(process, write(...(args as unknown as [number, Buffer]))),
      ),
      writeSync: (...args: [number, string | Uint8Array]) => performNow(process, write(...args)),
      fsync: withCallback(process, async (fd: never) => perform(process, sync(fd))),
      fsyncSync: (fd: number) => performNow(process, sync(fd)),
      fdatasync: withCallback(process, async (fd: never) => perform(process, sync(fd))),
      fdatasyncSync: (fd: number) => performNow(process, sync(fd)),
      fstat: withCallback(process, async (fd: never) => perform(process, stat(fd))),
      fstatSync: (fd: number) => performNow(process, stat(fd)),
      createReadStream: (path: PathLike, options?: unknown) => this.readStream(path, options),
      createWriteStream: (path: PathLike, options?: unknown) => this.writeStream(path, options),
    };
  }

  private readStream(path: PathLike, options: unknown): Readable {
    const { process, calls } = this;
    const { start = 0, end = Number.POSITIVE_INFINITY } = streamOptions(options);
    let asked = false;
    const stream = new Readable({
      encoding: encodingOf(options as never),
      read() {
        if (asked) return;
        asked = true;
        perform(process, calls.readFile(path)).then(
          (bytes) => {
            this.push((bytes as Buffer).subarray(start, end + 1));
            this.push(null);
          },
          (error: unknown) => this.destroy(error as Error),
        );
      },
    });
    return Object.assign(stream, { path: calls.absolute(path) });
  }

  private writeStream(path: PathLike, options: unknown): Writable {
    const { process, calls } = this;
    const { flags = "w", start } = streamOptions(options);
    let file: OpenFile | undefined;
    let position = start ?? null;
    const put = (bytes: Buffer, done: (error?: Error | null) => void): void => {
      assert(file !== undefined, "a stream writes when it is open");
      void process.callBack(done as Callback, perform(process, file.write(bytes, position)));
      if (position !== null) position += bytes.length;
    };
    const stream = new Writable({
      construct: (done) => {
        const opened = this.opened(path, flags).then((each) => {
          file = each;
        });
        void process.callBack(done as Callback, opened);
      },
      write: (chunk, _encoding, done) => put(chunk as Buffer, done),
      writev: (chunks, done) => put(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done),
      destroy: (error, done) => {
        if (file !== undefined) this.shut(file.fd);
        done(error);
      },
    });
    return Object.assign(stream, { path: calls.absolute(path) });
  }

  /** The asynchronous forms open the file, and write then: whatever else goes on may come in between. */
  private writing(flagUnlessSaid: string) {
    return async (path: PathLike, data: unknown, options?: WriteOptions): Promise<void> => {
      const { bytes, flag } = wholeContent(data, options, flagUnlessSaid);
      const file = await this.opened(path, flag);
      try {
        await perform(this.process, file.write(bytes, null));
      } finally {
        this.shut(file.fd);
      }
    };
  }

  private async opened(path: PathLike, flag: string): Promise<OpenFile> {
    return this.add(path, flag, await perform(this.process, this.calls.open(path, flag)));
  }

  private add(path: PathLike, flag: string, file: FollowedFile): OpenFile {
    const opened = { path: this.calls.absolute(path), flag, fd: this.nextFd++, file };
    const open = new OpenFile(this.process, this.calls, opened);
    this.open.set(open.fd, open);
    return open;
  }

  private shut(fd: number): void {
    this.file(fd, "close").close();
    this.open.delete(fd);
  }

  private file(fd: number, call: string): OpenFile {
    const file = this.open.get(fd);
    if (file === undefined) throw diskError("EBADF", call, String(fd));
    return file;
  }
}

interface StreamOptions {
  readonly start?: number;
  /** Inclusive; of what is read. */
  readonly end?: number;
  readonly flags?: string;
}

function streamOptions(options: unknown): StreamOptions {
  return typeof options === "object" && options !== null ? options : {};
}

/** As a text; of the numbers, those that are often used. */
function flagOf(flag: unknown): string {
  if (typeof flag === "string") return flag;
  const bits = Number(flag ?? 0);
  const { O_CREAT, O_EXCL, O_APPEND, O_TRUNC } = fs.constants;
  if ((bits & O_CREAT) === 0) return (bits & 3) === 0 ? "r" : "r+";
  const kind = (bits & O_APPEND) !== 0 ? "a" : (bits & (O_TRUNC | O_EXCL)) !== 0 ? "w" : "a+";
  return kind + ((bits & O_EXCL) !== 0 ? "x" : "");
}
