import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Unavailable } from "./unavailable.ts";

/** How the clock of a process goes. */
export interface LiveClock {
  /** So many times as fast as it is. Default 1. */
  readonly speed?: number;
  /** Ahead of the board's clock by so much, or behind it. Default 0. */
  readonly offsetMs?: number;
  /** Where libfaketime is; unless given, where distributions put it. */
  readonly library?: string;
}

/**
 * The clocks of user processes by libfaketime, a library that answers in place of the system's own: what time it is, and
 * when a wait is over. It is in their processes alone.
 */
export class FakedClock {
  /** What it is known not to do here; undefined when nothing is known. */
  readonly shortcoming: string | undefined;
  private readonly library: string;

  private constructor(library: string) {
    this.library = library;
    // Versions up to 0.9.10 do not have them.
    this.shortcoming = readFileSync(library).includes("sem_clockwait")
      ? undefined
      : `${library} does not know sem_clockwait: a wait with a time limit for a lock, an event or a queue of Python may never end`;
  }

  /** @throws Unavailable where it is not, or has no effect */
  static find(named?: string): FakedClock {
    if (process.platform !== "linux") {
      throw new Unavailable({
        what: "clock",
        why: `libfaketime is used on Linux alone, and this is ${process.platform}`,
        fix: "leave clock out of the config here, or run on Linux",
      });
    }
    const places = named === undefined ? usualPlaces() : [named];
    const library = places.find((place) => existsSync(place));
    if (library === undefined) {
      throw new Unavailable({
        what: "clock",
        why: `libfaketime is not installed: there is none of ${places.join(", ")}`,
        fix: "install it, as with `apt-get install libfaketime`, or name it as clock: { library: … }",
      });
    }
    const clock = new FakedClock(library);
    clock.check();
    return clock;
  }

  /** @param aheadMs of the real time when the process starts */
  environment({
    speed,
    aheadMs,
  }: {
    readonly speed: number;
    readonly aheadMs: number;
  }): Readonly<Record<string, string>> {
    const sign = aheadMs < 0 ? "-" : "+";
    const pace = speed === 1 ? "" : ` x${speed}`;
    return { LD_PRELOAD: this.library, FAKETIME: `${sign}${(Math.abs(aheadMs) / 1000).toFixed(3)}${pace}` };
  }

  /** It lays something into shared memory for the children of a process, and leaves it there. */
  static tidy(pid: number): void {
    for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`])
      rmSync(join("/dev/shm", name), { force: true });
  }

  /** A library for another system is left out by the loader, with a warning and no error. */
  private check(): void {
    const { PATH = "" } = process.env;
    const env = { PATH, ...this.environment({ speed: 1, aheadMs: 2 * checkedMs }) };
    const { pid, stdout } = spawnSync("date", ["+%s"], { env, encoding: "utf8" });
    FakedClock.tidy(pid);
    if (Number(stdout) * 1000 > Date.now() + checkedMs) return;
    throw new Unavailable({
      what: "clock",
      why: `${this.library} has no effect on the programs of this machine`,
      fix: "install the libfaketime of this system",
    });
  }
}

/** Of Debian and Ubuntu, Fedora, Arch and a build by hand. */
function usualPlaces(): readonly string[] {
  const folders = ["/usr/lib", ...multiarchFolders("/usr/lib"), "/usr/lib64", "/usr/local/lib"];
  return folders.map((folder) => join(folder, "faketime", "libfaketimeMT.so.1"));
}

function multiarchFolders(folder: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => /-linux-gnu/.test(name)).map((name) => join(folder, name));
}

const checkedMs = 86_400_000;
