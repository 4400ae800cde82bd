import { epochMs, usPerMs } from "../../kernel/time.ts";
import type { Host } from "../../sim/host.ts";
import type { World } from "../../sim/world.ts";

/**
 * When what stands on a host's disk was last changed, in milliseconds since the epoch by the host's clock. The disk itself knows
 * no times. Files are followed by their changes, whoever made them; folders only where unmodified code made them.
 */
export class FileTimes {
  private readonly changedMs = new Map<string, number>();
  private readonly world: World;

  private constructor(world: World, { disk }: Host) {
    this.world = world;
    const before = disk.onChange;
    disk.onChange = (change) => {
      before?.(change);
      if (change.type === "file.written" || change.type === "link.made") this.touch(change.path);
      if (change.type === "file.renamed") this.move(change.from, change.to);
      if (change.type === "file.removed") this.changedMs.delete(change.path);
    };
  }

  /** Those of a host: one for all its processes. */
  static of(world: World, host: Host): FileTimes {
    let times = timesOf.get(host);
    if (times === undefined) {
      times = new FileTimes(world, host);
      timesOf.set(host, times);
    }
    return times;
  }

  nowMs(): number {
    return Math.floor(epochMs + this.world.kernel.nowUs / usPerMs);
  }

  changed(path: string): number {
    return this.changedMs.get(path) ?? epochMs;
  }

  touch(path: string, ms = this.nowMs()): void {
    this.changedMs.set(path, ms);
  }

  private move(from: string, to: string): void {
    for (const [path, ms] of [...this.changedMs]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.changedMs.delete(path);
      this.changedMs.set(to + path.slice(from.length), ms);
    }
  }
}

/** By the host of a run: it goes when the run does. */
const timesOf = new WeakMap<Host, FileTimes>();
