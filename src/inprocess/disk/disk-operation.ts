import type { Footprint } from "../../base/footprint.ts";
import type { FaultSpec } from "../../faults/fault.ts";
import { usPerMs } from "../../kernel/time.ts";
import type { DiskErrorCode } from "../../ports/result.ts";
import { Call } from "../../sim/call.ts";
import { HostFileError } from "../../sim/disk/host-file-error.ts";
import type { HostDisk } from "../../sim/disk/host-disk.ts";
import { callNow } from "../node/synchronous-call.ts";
import type { UserProcess, UserTask } from "../node/user-process.ts";
import { diskError } from "./disk-error.ts";

/** One call of `node:fs`, whichever of its three forms it came in: what it does to the disk, at once and alone. */
export interface DiskOperation<Value> {
  /** As the system calls it: it stands in errors and in sites. */
  readonly call: string;
  /** Absolute. */
  readonly path: string;
  readonly writes: boolean;
  readonly effect: (disk: HostDisk) => Value;
  /** Of a write: the first part of what it would write. */
  readonly tear?: (disk: HostDisk, keepPermille: number) => void;
}

const readUs = 50;
const writeUs = 100;
const syncUs = 1_000;
const slackUs = 20_000;

/** The asynchronous forms: one operation of the kernel, which others may overtake. */
export async function perform<Value>(process: UserProcess, operation: DiskOperation<Value>): Promise<Value> {
  const { task } = process;
  const label = task.take(`fs.${operation.call}`, operation.path);
  const done = await new DiskCall(task, label.name, label.key, operation).send();
  task.giveBack(label);
  if (done.kind === "ok") return done.value;
  throw diskError(done.code, operation.call, operation.path);
}

/** The synchronous forms. */
export function performNow<Value>(process: UserProcess, operation: DiskOperation<Value>): Value {
  const { world, host, name: actor } = process;
  const done = callNow(process, {
    name: `fs.${operation.call}Sync`,
    key: operation.path,
    seam: seamOf(operation),
    effect(sent, fault) {
      const value = happen(operation, { world, host, disk: host.diskFor(sent, actor) }, fault);
      return { outcome: value.kind, detail: value.kind === "ok" ? "" : value.code, value };
    },
  });
  if (done.kind === "ok") return done.value;
  throw diskError(done.code, operation.call, operation.path);
}

type Done<Value> =
  | { readonly kind: "ok"; readonly value: Value }
  | { readonly kind: "fail"; readonly code: DiskErrorCode };

class DiskCall<Value> extends Call<Done<Value>> {
  private readonly user: UserProcess;
  private readonly disk: DiskOperation<Value>;
  private readonly crashesBefore: number;
  private torn = false;

  constructor(task: UserTask, name: string, key: string, disk: DiskOperation<Value>) {
    super(task.context, name, key, seamOf(disk));
    this.user = task.process;
    this.disk = disk;
    this.crashesBefore = this.user.host.crashes;
  }

  override get touches(): readonly Footprint[] {
    const { path, writes } = this.disk;
    if (!writes) return [{ id: `disk:${path}`, rw: "r" }];
    return [
      { id: `disk:${path}`, rw: "w" },
      { id: `disk:${path.slice(0, path.lastIndexOf("/")) || "/"}`, rw: "w" },
    ];
  }

  protected override leave(): void {
    const delayUs = this.fault?.kind === "disk-slow" ? this.fault.delayMs * usPerMs : 0;
    const { call, writes } = this.disk;
    this.world.kernel.schedule(this, (call === "fsync" ? syncUs : writes ? writeUs : readUs) + delayUs, slackUs);
  }

  override fire(): void {
    const { user, disk, world } = this;
    if (this.torn || user.host.crashes !== this.crashesBefore) {
      world.kernel.forget(this.operation);
      return;
    }
    const target = { world, host: user.host, disk: user.host.diskFor(this.operation, user.name) };
    const done = happen(disk, target, this.fault);
    this.finish(done.kind === "ok" ? "ok" : "fail", done.kind === "ok" ? "" : done.code, done);
  }

  /** The write in progress is whole, absent or a prefix. */
  protected override dieDuring(): void {
    const { tear } = this.disk;
    if (tear === undefined) return;
    this.torn = true;
    const keepPermille = this.world.kernel.draws.int(this.operation.siteHash, tearPurpose, 1_001);
    const disk = this.user.host.diskFor(this.operation, this.user.name);
    attempt(() => tear(disk, keepPermille));
  }
}

const tearPurpose = 0x7ea3;

function seamOf({ writes }: DiskOperation<unknown>): "disk-read" | "disk-write" {
  return writes ? "disk-write" : "disk-read";
}

function happen<Value>(
  { path, effect, tear }: DiskOperation<Value>,
  { world, host, disk }: Pick<UserProcess, "world" | "host"> & { readonly disk: HostDisk },
  fault: FaultSpec | undefined,
): Done<Value> {
  switch (fault?.kind) {
    case "disk-fails":
      return { kind: "fail", code: fault.code };
    case "write-torn":
      if (tear === undefined) break;
      attempt(() => tear(disk, fault.keepPermille));
      return { kind: "fail", code: "EIO" };
    case "disk-full":
      world.fillDisk(host, fault.durationMs);
      break;
    case "file-truncated":
      truncate(disk, path, fault.keepPermille);
      break;
    default:
  }
  return attempt(() => effect(disk));
}

function attempt<Value>(effect: () => Value): Done<Value> {
  try {
    return { kind: "ok", value: effect() };
  } catch (error) {
    if (error instanceof HostFileError) return { kind: "fail", code: error.code };
    throw error;
  }
}

/** The file has lost its end before it is read. */
function truncate(disk: HostDisk, path: string, keepPermille: number): void {
  if (disk.stat(path)?.kind !== "file") return;
  const content = disk.readBytes(path);
  const reader = disk.actor;
  disk.actor = "fault";
  disk.write(path, content.slice(0, Math.floor((content.length * keepPermille) / 1_000)));
  disk.actor = reader;
}
