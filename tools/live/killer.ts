import { setTimeout } from "node:timers/promises";
import { hash32 } from "../../src/base/digest.ts";
import { Draws, purpose } from "../../src/kernel/draws.ts";
import { runningPrograms } from "./left-programs.ts";
import type { LiveSystem } from "./live-system.ts";
import type { ServiceProcess } from "./service-process.ts";

/** Between the moment that is aimed at and the kill: as long as most programs run. */
const momentMsMax = 250;

/** Since the last kill: longer than a lease of the dead holds others up. */
const lateMs = 5_000;

/** One SIGKILL, and what it struck. */
export interface Kill {
  readonly process: string;
  /** As `EPIC-1/S1 lane 8`; undefined when it only looked. */
  readonly run: string | undefined;
  /** The operation that had ended last, as `git.commit`. */
  readonly after: string;
  /** What ran at that moment, as `codex`; empty for nothing. */
  readonly program: string;
  /** Operations of runs that all processes had done by then. */
  readonly operations: number;
}

/** Of work, in all processes. */
export interface Amount {
  /** Causes, however often each was tried. */
  readonly runs: number;
  /** Of runs alone. */
  readonly operations: number;
}

export interface KillerOptions {
  readonly kills: number;
  readonly seed: number;
  /** What a whole takes without kills. */
  readonly expected: Amount;
}

/**
 * Kills one process after the other. The seed says whom, after how many operations, and how long they stay down; which
 * statement it strikes is for the machine to decide.
 */
export class Killer {
  readonly kills: Kill[] = [];
  private readonly folder: string;
  private readonly processes: readonly ServiceProcess[];
  private readonly options: KillerOptions;
  private readonly draws: Draws;
  private nextAt: number;
  private killedMs = 0;

  constructor({ folder, processes }: LiveSystem, options: KillerOptions) {
    this.folder = folder;
    this.processes = processes;
    this.options = options;
    this.draws = new Draws(options.seed);
    this.nextAt = this.pace();
  }

  /** Kills when it is time, and starts the victim again. */
  async look(): Promise<Kill | undefined> {
    for (const each of this.processes) each.look();
    const operations = this.processes.reduce((sum, each) => sum + each.operationsDone, 0);
    if (this.isDone || !(operations >= this.nextAt || this.isLate)) return undefined;
    const victim = this.victim();
    if (victim === undefined) return undefined;
    await setTimeout(this.draw("moment", momentMsMax));
    const [program] = runningPrograms(this.folder);
    await victim.kill();
    // Also what it wrote in its last moment.
    victim.look();
    const { name, run, doneLast } = victim;
    const kill = { process: name, run, after: doneLast, program: program?.name ?? "", operations };
    this.kills.push(kill);
    await setTimeout(100 + this.draw("down", 700));
    victim.start();
    this.killedMs = performance.now();
    this.nextAt = operations + this.pace();
    return kill;
  }

  get isDone(): boolean {
    return this.kills.length >= this.options.kills;
  }

  /** The last run has begun, and may be over before enough operations are done. */
  private get isLate(): boolean {
    return this.runsBegun >= this.options.expected.runs && performance.now() - this.killedMs > lateMs;
  }

  /** Three of four kills strike somebody at work, as soon as there is one whose run has not had its share. */
  private victim(): ServiceProcess | undefined {
    if (this.kills.length >= this.killsByNow) return undefined;
    const atWork = this.processes.filter(({ run }) => run !== undefined);
    if (atWork.some(({ run }) => this.killsOf(run) >= this.killsPerRunMax)) return undefined;
    const from = this.draw("at work", 4) > 0 && !this.isLate ? atWork : this.processes;
    return from[this.draw("victim", Math.max(1, from.length))];
  }

  private killsOf(run: string | undefined): number {
    return this.kills.filter((kill) => kill.run === run).length;
  }

  private get killsPerRunMax(): number {
    return Math.ceil((2 * this.options.kills) / Math.max(1, this.options.expected.runs));
  }

  /** So they are spread over the whole: otherwise the first long runs would have them all. */
  private get killsByNow(): number {
    const { kills, expected } = this.options;
    return Math.ceil((kills * this.runsBegun) / Math.max(1, expected.runs));
  }

  /** Operations until the next one: what is left of both decides, so that all kills come before the whole is done. */
  private pace(): number {
    const { kills, expected } = this.options;
    const operationsPerRun = expected.operations / Math.max(1, expected.runs);
    const runsLeft = Math.max(1, expected.runs - this.runsBegun);
    const killsLeft = Math.max(1, kills - this.kills.length);
    return 1 + this.draw("pace", Math.max(1, Math.floor((1.5 * operationsPerRun * runsLeft) / killsLeft)));
  }

  get runsBegun(): number {
    return new Set(this.processes.flatMap(({ causesBegun }) => [...causesBegun])).size;
  }

  private draw(what: string, bound: number): number {
    return this.draws.int(hash32(`kill ${this.kills.length}`), purpose(what), bound);
  }
}
