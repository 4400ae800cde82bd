import { Task } from "./task.ts";
import { ProcessClock, trueClock, type ClockSettings } from "./time.ts";

/** What a process's code waits for: settles its promise, inside that process's turn. */
export interface Continuation {
  deliver(): void;
}

/** One life of a simulated OS process: from start to finish, crash or kill. Memory does not outlive it. */
export class Incarnation {
  readonly process: SimulatedProcess;
  readonly number: number;
  state: "alive" | "paused" | "dead" = "alive";
  finished = false;
  /** Answers that arrived while it was paused, in order. */
  readonly backlog: Continuation[] = [];

  private readonly tasks = new Map<string, Task>();
  /** Those of `tasks` from `oldestIndex` on, oldest first: a map that loses its first entry again and again is slow to walk. */
  private byAge: Task[] = [];
  private oldestIndex = 0;

  constructor(process: SimulatedProcess, number: number) {
    this.process = process;
    this.number = number;
  }

  /** The task of that name: the same one each time, so that its occurrences go on counting. */
  task(name: string): Task {
    let task = this.tasks.get(name);
    if (task === undefined) {
      task = new Task(this.process.name, this.number, name);
      if (this.tasks.size >= tasksKeptMax) this.forgetOldest();
      this.tasks.set(name, task);
      this.byAge.push(task);
    }
    return task;
  }

  /** A poller forks one task a tick, for ever. The oldest idle one goes; its name is not used again. */
  private forgetOldest(): void {
    if (this.oldestIndex >= tasksKeptMax) {
      this.byAge = this.byAge.slice(this.oldestIndex);
      this.oldestIndex = 0;
    }
    for (let looked = 0; looked < this.tasks.size; looked++) {
      const task = this.byAge[this.oldestIndex++]!;
      if (task.pendingCount === 0) {
        this.tasks.delete(task.name);
        return;
      }
      this.byAge.push(task);
    }
  }
}

const tasksKeptMax = 5_000;

export interface ProcessOptions {
  readonly clock?: ClockSettings;
  /** It waits for work for ever: no deadlock when nothing else is left to do. */
  readonly daemon?: boolean;
}

/** A simulated OS process over all its lives. */
export class SimulatedProcess {
  readonly name: string;
  readonly clock: ProcessClock;
  readonly daemon: boolean;
  readonly main: (incarnation: Incarnation) => Promise<void>;
  current: Incarnation | undefined;
  lives = 0;

  constructor(name: string, main: (incarnation: Incarnation) => Promise<void>, options: ProcessOptions) {
    this.name = name;
    this.main = main;
    this.clock = new ProcessClock(options.clock ?? trueClock);
    this.daemon = options.daemon ?? false;
  }
}
