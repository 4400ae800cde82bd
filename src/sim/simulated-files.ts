import type { Footprint } from "../base/footprint.ts";
import type { FileCall, FileStat, FilesPort, FolderEntry, WriteOptions } from "../ports/files.ts";
import type { DiskErrorCode, Result } from "../ports/result.ts";
import type { FaultSpec } from "../faults/fault.ts";
import { usPerMs } from "../kernel/time.ts";
import { Call, never, type CallContext } from "./call.ts";
import type { HostDisk } from "./disk/host-disk.ts";
import type { Host } from "./host.ts";
import { HostFileError } from "./disk/host-file-error.ts";

const readUs = 50;
const writeUs = 100;
const syncUs = 1_000;
const slackUs = 20_000;

/** The host's disk, one operation of the kernel for each call. */
export class SimulatedFiles implements FilesPort {
  private readonly context: CallContext;

  constructor(context: CallContext) {
    this.context = context;
  }

  readText(path: string, options?: FileCall): Promise<Result<string>> {
    return this.read("disk.readText", path, options, (disk) => disk.readText(path));
  }

  readBytes(path: string, options?: FileCall): Promise<Result<Uint8Array>> {
    return this.read("disk.readBytes", path, options, (disk) => disk.readBytes(path));
  }

  list(path: string, options?: FileCall): Promise<Result<readonly FolderEntry[]>> {
    return this.read("disk.list", path, options, (disk) => disk.list(path));
  }

  stat(path: string, options?: FileCall): Promise<Result<FileStat>> {
    return this.read("disk.stat", path, options, (disk) => {
      const stat = disk.stat(path);
      if (stat === null) throw new HostFileError("ENOENT", path);
      return stat;
    });
  }

  realPath(path: string, options?: FileCall): Promise<Result<string>> {
    return this.read("disk.realPath", path, options, (disk) => disk.realPath(path));
  }

  write(path: string, content: string | Uint8Array, options: WriteOptions = {}): Promise<Result<void>> {
    if (this.context.incarnation.state === "dead") return never();
    return new WriteFileCall(this.context, path, content, options).send();
  }

  sync(path: string, options?: FileCall): Promise<Result<void>> {
    return this.change("disk.sync", path, options, syncUs, (disk) => disk.sync(path));
  }

  rename(from: string, to: string, options?: FileCall): Promise<Result<void>> {
    return this.change("disk.rename", to, options, writeUs, (disk) => disk.rename(from, to));
  }

  remove(path: string, options?: FileCall & { readonly recursive?: boolean }): Promise<Result<void>> {
    return this.change("disk.remove", path, options, writeUs, (disk) =>
      disk.remove(path, options?.recursive === true ? { recursive: true } : {}),
    );
  }

  makeFolder(path: string, options?: FileCall): Promise<Result<void>> {
    return this.change("disk.makeFolder", path, options, writeUs, (disk) => disk.makeFolder(path));
  }

  makeLink(target: string, path: string, options?: FileCall): Promise<Result<void>> {
    return this.change("disk.makeLink", path, options, writeUs, (disk) => disk.makeLink(target, path));
  }

  private read<Value>(
    name: string,
    path: string,
    options: FileCall | undefined,
    effect: (disk: HostDisk) => Value,
  ): Promise<Result<Value>> {
    if (this.context.incarnation.state === "dead") return never();
    return new FileCallStep(this.context, "disk-read", name, path, options, readUs, effect).send();
  }

  private change(
    name: string,
    path: string,
    options: FileCall | undefined,
    nominalUs: number,
    effect: (disk: HostDisk) => void,
  ): Promise<Result<void>> {
    if (this.context.incarnation.state === "dead") return never();
    return new FileCallStep(this.context, "disk-write", name, path, options, nominalUs, effect).send();
  }
}

/** One file operation: its effect and its answer are one step. */
class FileCallStep<Value> extends Call<Result<Value>> {
  protected readonly path: string;
  private readonly isWrite: boolean;
  private readonly host: Host;
  private readonly crashesBefore: number;
  private readonly nominalUs: number;
  private readonly effect: (disk: HostDisk) => Value;

  constructor(
    context: CallContext,
    seam: "disk-read" | "disk-write",
    name: string,
    path: string,
    options: FileCall | undefined,
    nominalUs: number,
    effect: (disk: HostDisk) => Value,
  ) {
    super(context, name, options?.key ?? path, seam);
    this.path = path;
    this.isWrite = seam === "disk-write";
    this.host = context.world.hostOfProcess(context.incarnation.process);
    this.crashesBefore = this.host.crashes;
    this.nominalUs = nominalUs;
    this.effect = effect;
  }

  /** The entry, and for a change the folder that lists it. A folder that is read is an entry like any other. */
  override get touches(): readonly Footprint[] {
    const entry = `disk:${this.path}`;
    if (!this.isWrite) return [{ id: entry, rw: "r" }];
    return [
      { id: entry, rw: "w" },
      { id: `disk:${this.path.slice(0, this.path.lastIndexOf("/")) || "/"}`, rw: "w" },
    ];
  }

  protected override leave(): void {
    const delayUs = this.fault?.kind === "disk-slow" ? this.fault.delayMs * usPerMs : 0;
    this.world.kernel.schedule(this, this.nominalUs + delayUs, slackUs);
  }

  override fire(): void {
    const { fault } = this;
    if (this.lostToCrash()) return;
    if (fault?.kind === "disk-fails") {
      this.fail(fault.code);
      return;
    }
    const disk = this.disk();
    if (fault?.kind === "disk-full") this.world.fillDisk(this.host, fault.durationMs);
    if (fault?.kind === "file-truncated") truncate(disk, this.path, fault);
    try {
      this.finish("ok", "", { kind: "ok", value: this.effect(disk) });
    } catch (error) {
      if (!(error instanceof HostFileError)) throw error;
      this.fail(error.code);
    }
  }

  /** The host lost power while it was under way: it never happens, and nobody is left to hear of it. */
  protected lostToCrash(): boolean {
    if (this.host.crashes === this.crashesBefore) return false;
    this.world.kernel.forget(this.operation);
    return true;
  }

  protected disk(): HostDisk {
    return this.host.diskFor(this.operation, this.context.incarnation.process.name);
  }

  protected fail(code: DiskErrorCode): void {
    this.finish("fail", code, { kind: "fail", error: { code, message: `${this.path}: ${code}` } });
  }
}

class WriteFileCall extends FileCallStep<void> {
  private readonly content: string | Uint8Array;
  private readonly mode: "replace" | "createNew" | "append";
  private torn = false;

  constructor(context: CallContext, path: string, content: string | Uint8Array, options: WriteOptions) {
    const mode = options.mode ?? "replace";
    super(context, "disk-write", "disk.write", path, options, writeUs, (disk) => disk.write(path, content, mode));
    this.content = content;
    this.mode = mode;
  }

  override fire(): void {
    if (this.torn || this.lostToCrash()) return;
    if (this.fault?.kind !== "write-torn") {
      super.fire();
      return;
    }
    this.tear(this.fault.keepPermille);
    this.finish("unknown", "EIO", {
      kind: "unknown",
      error: { code: "EIO", message: `${this.path}: the write broke off` },
    });
  }

  /** The write in progress is whole, absent or a prefix. */
  protected override dieDuring(): void {
    const { kernel } = this.world;
    const keepPermille = kernel.draws.int(this.operation.siteHash, tearPurpose, 1001);
    this.torn = true;
    this.tear(keepPermille);
  }

  private tear(keepPermille: number): void {
    const size = this.content.length;
    const keepBytes = Math.floor((size * keepPermille) / 1000);
    try {
      this.disk().tornWrite(this.path, this.content, this.mode, keepBytes);
    } catch (error) {
      if (!(error instanceof HostFileError)) throw error;
    }
  }
}

function truncate(disk: HostDisk, path: string, fault: FaultSpec & { kind: "file-truncated" }): void {
  if (disk.stat(path)?.kind !== "file") return;
  const content = disk.readBytes(path);
  disk.actor = "fault";
  disk.write(path, content.slice(0, Math.floor((content.length * fault.keepPermille) / 1000)));
}

const tearPurpose = 0x7ea2;
