import { setTimeout } from "node:timers/promises";
import { hash32 } from "../../src/base/digest.ts";
import { Draws, purpose } from "../../src/kernel/draws.ts";
import type { ServiceProcess } from "./service-process.ts";

/** One SIGKILL, and what it struck. */
export interface Kill {
  readonly process: string;
  /** As `EPIC-1/S1 lane 8`; undefined when it only looked. */
  readonly run: string | undefined;
  /** The operation that had ended last. */
  readonly after: string;
  /** Operations of runs that all processes had done by then. */
  readonly operations: number;
}

export interface KillerOptions {
  readonly kills: number;
  readonly seed: number;
  /** Of runs in a whole without kills. */
  readonly operationsExpected: number;
}

/**
 * Kills one process after the other. The seed says whom, after how many operations, and how long they stay down; which
 * statement it strikes is for the machine to decide.
 */
export class Killer {
  readonly kills: Kill[] = [];
  private readonly processes: readonly ServiceProcess[];
  private readonly options: KillerOptions;
  private readonly draws: Draws;
  private nextAt: number;

  constructor(processes: readonly ServiceProcess[], options: KillerOptions) {
    this.processes = processes;
    this.options = options;
    this.draws = new Draws(options.seed);
    this.nextAt = this.pace();
  }

  /** Kills when it is time, and starts the victim again. */
  async look(): Promise<Kill | undefined> {
    for (const each of this.processes) each.look();
    const operations = this.processes.reduce((sum, each) => sum + each.operationsDone, 0);
    if (this.kills.length >= this.options.kills || operations < this.nextAt) return undefined;
    const victim = this.victim();
    if (victim === undefined) return undefined;
    await setTimeout(this.draw("moment", 300));
    await victim.kill();
    // Also what it wrote in its last moment.
    victim.look();
    const kill = { process: victim.name, run: victim.run, after: victim.doneLast, operations };
    this.kills.push(kill);
    await setTimeout(100 + this.draw("down", 700));
    victim.start();
    this.nextAt = operations + this.pace();
    return kill;
  }

  /** Three of four kills strike somebody at work, as soon as there is one. */
  private victim(): ServiceProcess | undefined {
    const atWork = this.processes.filter(({ run }) => run !== undefined);
    const from = this.draw("at work", 4) > 0 ? atWork : this.processes;
    return from[this.draw("victim", Math.max(1, from.length))];
  }

  /** Work that is done again adds operations: so all kills come before the whole is done. */
  private pace(): number {
    const { kills, operationsExpected } = this.options;
    return 1 + this.draw("pace", Math.max(1, Math.floor((1.5 * operationsExpected) / Math.max(1, kills))));
  }

  private draw(what: string, bound: number): number {
    return this.draws.int(hash32(`kill ${this.kills.length}`), purpose(what), bound);
  }
}
