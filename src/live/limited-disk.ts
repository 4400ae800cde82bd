import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { Unavailable } from "./unavailable.ts";

export interface LimitedDiskOptions {
  /** Absolute and empty: what the disk is seen as, by whoever has entered it. */
  readonly folder: string;
  readonly quotaBytes: number;
}

/**
 * A disk of a size of its own: a tmpfs in a mount namespace, which all processes of a run enter. Nobody else sees it, and
 * it is gone with the last of them. Root needs nothing for it; others need user namespaces, and see themselves as before.
 *
 * What takes a new page of 4 KiB fails by ENOSPC when there is none. What takes none goes on: the rest of a page, an
 * empty file, a rename, a removal. Only ENOSPC: no error of a device, no failing fsync, no torn write.
 */
export class LimitedDisk {
  private readonly options: LimitedDiskOptions;
  private readonly holder: Holder;
  private refill: NodeJS.Timeout | undefined;

  private constructor(options: LimitedDiskOptions, holder: Holder) {
    this.options = options;
    this.holder = holder;
  }

  /** @throws Unavailable where the system has no such thing, or does not let us */
  static async open(options: LimitedDiskOptions): Promise<LimitedDisk> {
    if (process.platform !== "linux") {
      throw new Unavailable({
        what: "disk",
        why: `a disk with a quota is a mount of Linux, and this is ${process.platform}`,
        fix: "leave disk out of the config here, or run on Linux",
      });
    }
    const refusals: string[] = [];
    const isRoot = process.getuid?.() === 0;
    for (const asUser of isRoot ? [false, true] : [true]) {
      const holder = await Holder.start(options, asUser);
      if (holder instanceof Holder) return new LimitedDisk(options, holder);
      refusals.push(holder);
    }
    throw new Unavailable({
      what: "disk",
      why: `this machine gives no mount of our own: ${[...new Set(refusals)].join("; ")}`,
      fix: "run as root with CAP_SYS_ADMIN, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1 or kernel.apparmor_restrict_unprivileged_userns=0); or leave disk out of the config",
    });
  }

  /** Where the folder is for who has not entered. */
  get outside(): string {
    return this.holder.outside;
  }

  /** The same command inside, in that folder of it. It keeps its process number. */
  enter(command: readonly string[], folder: string): readonly [string, ...string[]] {
    const script = 'cd "$1" && shift && exec "$@"';
    return [...this.holder.entrance, "sh", "-c", script, "stormlane", folder, ...command] as [string, ...string[]];
  }

  /** From now on there is no free page, for so long. One that its owner gives back meanwhile is free again. */
  fill(durationMs: number): void {
    clearTimeout(this.refill);
    const file = openSync(this.filler, "a");
    try {
      for (const size of [pageBytes * 256, pageBytes]) writeAll(file, Buffer.alloc(size));
    } finally {
      closeSync(file);
    }
    this.refill = setTimeout(() => rmSync(this.filler, { force: true }), durationMs);
  }

  async close(): Promise<void> {
    clearTimeout(this.refill);
    await this.holder.end();
  }

  /** Beside what the processes of the run are given, where they do not look. */
  private get filler(): string {
    return join(this.outside, ".stormlane-filler");
  }
}

/** The first process inside: it holds the namespace open for the others, until its input ends as we do. */
class Holder {
  readonly outside: string;
  readonly entrance: readonly string[];

  private readonly child: ReturnType<typeof startHolder>;

  private constructor(child: ReturnType<typeof startHolder>, folder: string, asUser: boolean) {
    this.child = child;
    this.outside = `/proc/${child.pid}/root${folder}`;
    const namespaces = asUser ? ["--user", "--preserve-credentials", "--mount"] : ["--mount"];
    // Who had to be root to mount is themselves again.
    const ownName = asUser ? ["unshare", "--user", ...mapped(), "--"] : [];
    this.entrance = ["nsenter", "--target", String(child.pid), ...namespaces, "--", ...ownName];
  }

  /** @returns why not, as the system says it */
  static async start({ folder, quotaBytes }: LimitedDiskOptions, asUser: boolean): Promise<Holder | string> {
    const child = startHolder({ folder, quotaBytes, asUser });
    const ready = new Promise<boolean>((resolve) => {
      child.stdout.once("data", () => resolve(true));
      void child.then(() => resolve(false));
    });
    if (await ready) return new Holder(child, folder, asUser);
    const { stderr, shortMessage } = await child;
    const said = stderr.trim().split("\n")[0] ?? "";
    return said === "" ? (shortMessage ?? "unshare failed") : said;
  }

  async end(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.child;
  }
}

function startHolder({ folder, quotaBytes, asUser }: LimitedDiskOptions & { readonly asUser: boolean }) {
  const asRoot = asUser ? ["--user", "--map-root-user"] : [];
  const script = 'mount -t tmpfs -o "size=$1,mode=700" stormlane "$2" && echo ready && exec cat';
  const command = ["unshare", ...asRoot, "--mount", "--", "sh", "-c", script, "sh", String(quotaBytes), folder];
  const [file, ...args] = command as [string, ...string[]];
  return execa(file, args, {
    stdin: "pipe",
    // An interruption at the terminal is ours to answer.
    detached: true,
    reject: false,
    stripFinalNewline: true,
  });
}

function mapped(): readonly string[] {
  return [`--map-user=${process.getuid?.() ?? 0}`, `--map-group=${process.getgid?.() ?? 0}`];
}

/** Until there is no room for it. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (;;) {
    try {
      writeSync(file, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOSPC") return;
      throw error;
    }
  }
}

const pageBytes = 4_096;
