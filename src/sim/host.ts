import type { JsonObject } from "../base/json.ts";
import type { Operation } from "../kernel/operation.ts";
import type { Incarnation } from "../kernel/process.ts";
import type { Program } from "../ports/program.ts";
import type { Signal } from "../ports/subprocess.ts";
import { HostDisk, type DiskImage } from "./disk/host-disk.ts";
import type { ProgramRun } from "./program-run.ts";
import type { World } from "./world.ts";

export interface HostOptions {
  readonly image?: DiskImage;
  readonly programs?: readonly Program[];
  /** How a program looks that misbehaves in the way a fault asks for. */
  readonly misbehave?: (program: Program, behaviour: JsonObject) => Program;
}

/** One simulated machine: a disk, programs on its PATH, and the programs that run. */
export class Host {
  readonly name: string;
  readonly disk: HostDisk;
  readonly programs: ReadonlyMap<string, Program>;
  readonly misbehave: ((program: Program, behaviour: JsonObject) => Program) | undefined;
  readonly running = new Map<number, ProgramRun>();
  /** How often it lost power. What was under way before that has no effect any more. */
  crashes = 0;

  /** Whose operation touches the disk just now. */
  private acting: Operation | undefined;
  private nextPid = 1000;

  constructor(world: World, name: string, options: HostOptions) {
    this.name = name;
    this.programs = new Map((options.programs ?? []).map((program) => [program.name, program]));
    this.misbehave = options.misbehave;
    this.disk = new HostDisk(options.image === undefined ? {} : { base: options.image });
    this.disk.onChange = (change) => world.history.change(this.acting, change);
    const { onTouch } = world.kernel;
    if (onTouch !== undefined) this.disk.onAccess = (path, rw) => onTouch({ id: `disk:${name}:${path}`, rw });
  }

  /** The disk, for what one operation does to it now. */
  diskFor(operation: Operation, actor: string): HostDisk {
    this.acting = operation;
    this.disk.actor = actor;
    return this.disk;
  }

  takePid(): number {
    return this.nextPid++;
  }

  /**
   * Signals a process group.
   * @returns false when nobody is left in it
   */
  signalGroup(leaderPid: number, signal: Signal): boolean {
    let found = false;
    for (const run of this.running.values()) {
      if (run.groupPid !== leaderPid) continue;
      run.signal(signal, true);
      found = true;
    }
    return found;
  }

  /** A process died: the pipes that it held to its programs close. */
  parentDied(parent: Incarnation): void {
    for (const run of this.running.values()) {
      if (run.parent === parent) run.endInput();
    }
  }

  /** Power is lost: programs end without a word, and the disk keeps what was synced and some of the rest. */
  crash(draw: (name: string, bound: number) => number): void {
    for (const run of this.running.values()) run.vanish();
    this.running.clear();
    this.acting = undefined;
    this.crashes++;
    this.disk.crash(draw);
  }
}
