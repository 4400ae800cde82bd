import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { ProcessEvent } from "../history/event.ts";
import { FakedClock } from "./faked-clock.ts";
import type { LiveProcess } from "./live-config.ts";

export interface SupervisorOptions {
  /** Where processes work, and where their output goes. Absolute. */
  readonly workspace: string;
  readonly outputFolder: string;
  /** The command as it is started: in a namespace of the run, where there is one. */
  readonly enter?: (command: readonly string[]) => readonly string[];
  readonly environmentOf: (process: string) => Readonly<Record<string, string>>;
  readonly onLife: (process: string, incarnation: number, what: ProcessEvent["what"], reason: string) => void;
}

interface Life {
  readonly number: number;
  readonly pid: number | undefined;
  readonly over: Promise<unknown>;
  /** How much earlier lives had written. */
  readonly outputFrom: number;
  isRunning: boolean;
  /** We ended it. */
  isEnded: boolean;
}

/** Starts the user's processes, kills them, starts them again, and leaves none behind. */
export class Supervisor {
  /** Why a process could not begin to work; the run says nothing then. */
  failure: string | undefined;

  private readonly options: SupervisorOptions;
  private readonly lives = new Map<string, Life>();
  private readonly commands = new Map<string, LiveProcess>();
  private readonly pids = new Set<number>();
  private readonly restarts = new Set<NodeJS.Timeout>();
  private isClosing = false;

  constructor(options: SupervisorOptions) {
    this.options = options;
  }

  get running(): readonly string[] {
    return [...this.lives].filter(([, { isRunning }]) => isRunning).map(([name]) => name);
  }

  /** Some are down and will be started again. */
  get isRestarting(): boolean {
    return this.restarts.size > 0;
  }

  start(name: string, configured: LiveProcess): void {
    this.commands.set(name, configured);
    const { enter = (command: readonly string[]) => command } = this.options;
    const [file, ...args] = enter(configured.command) as [string, ...string[]];
    const output = { file: this.outputFile(name), append: true };
    const number = (this.lives.get(name)?.number ?? -1) + 1;
    const outputFrom = statSync(this.outputFile(name), { throwIfNoEntry: false })?.size ?? 0;
    const child = execa(file, args, {
      cwd: this.options.workspace,
      env: { ...this.options.environmentOf(name), ...configured.env },
      extendEnv: false,
      // A group of its own: whatever it starts ends with it.
      detached: true,
      cleanup: true,
      stdin: "ignore",
      stdout: output,
      stderr: output,
      buffer: false,
      reject: false,
    });
    const life: Life = { number, pid: child.pid, over: child, outputFrom, isRunning: true, isEnded: false };
    this.lives.set(name, life);
    if (child.pid !== undefined) this.pids.add(child.pid);
    this.options.onLife(name, number, "start", "");
    void child.then(({ exitCode, signal, code, originalMessage }) => {
      if (exitCode === undefined && signal === undefined) {
        life.isRunning = false;
        const why = startFailures[code ?? ""] ?? originalMessage ?? "the system refuses it";
        this.failure ??= `processes.${name}: ${file} cannot be started: ${why}`;
      } else this.ended(name, life, { exitCode, signal });
    });
  }

  /** As a power cut of one process; it is started again later. */
  kill(name: string): void {
    const life = this.lives.get(name);
    if (life?.isRunning !== true) return;
    life.isEnded = true;
    this.signal(life, "SIGKILL");
    this.options.onLife(name, life.number, "kill", "SIGKILL");
    this.startAgain(name);
  }

  private startAgain(name: string): void {
    const configured = this.commands.get(name)!;
    const timer = setTimeout(() => {
      this.restarts.delete(timer);
      if (!this.isClosing) this.start(name, configured);
    }, configured.restartMs ?? restartMsDefault);
    this.restarts.add(timer);
  }

  /** The process that one of its own or of its descendants has that number; `unknown` where the system does not say. */
  ownerOf(pid: number): string {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parentOf(at)) {
      for (const [name, { pid: own }] of this.lives) if (own === at) return name;
    }
    return "unknown";
  }

  /** The last lines that a process wrote in its present life, or its last one. */
  lastWords(name: string): string {
    const file = this.outputFile(name);
    const all = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    const said = all.subarray(this.lives.get(name)?.outputFrom ?? 0).toString("utf8");
    return said.trimEnd().split("\n").slice(-lastLinesMax).join("\n");
  }

  /** In good order, then by force. Nothing of the run is left. */
  async close(): Promise<void> {
    this.isClosing = true;
    for (const timer of this.restarts) clearTimeout(timer);
    this.restarts.clear();
    const lives = [...this.lives.values()];
    for (const life of lives) {
      life.isEnded = true;
      this.signal(life, "SIGTERM");
    }
    const force = setTimeout(() => {
      for (const life of lives) this.signal(life, "SIGKILL");
    }, stopMsMax);
    await Promise.all(lives.map(({ over }) => over));
    clearTimeout(force);
    // The rest of each group, and what left its group but works in the run's folder.
    for (const life of lives) this.signal(life, "SIGKILL");
    for (const pid of processesIn(this.options.workspace)) endProcess(pid);
    for (const pid of this.pids) FakedClock.tidy(pid);
  }

  private ended(
    name: string,
    life: Life,
    { exitCode, signal }: { readonly exitCode: number | undefined; readonly signal: string | undefined },
  ): void {
    life.isRunning = false;
    if (life.isEnded || this.isClosing) return;
    const reason = signal ?? `exit code ${exitCode}`;
    this.options.onLife(name, life.number, exitCode === 0 ? "finish" : "crash", reason);
    if (exitCode !== 0) this.startAgain(name);
  }

  private signal({ pid }: Life, signal: NodeJS.Signals): void {
    if (pid !== undefined) endProcess(-pid, signal);
  }

  private outputFile(name: string): string {
    return join(this.options.outputFolder, `${name}.log`);
  }
}

function endProcess(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}

function parentOf(pid: number): number | undefined {
  try {
    // The name in brackets may hold anything; the parent is the second word behind it.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

/** Numbers of those whose home is there, by their environment. Empty where there is no `/proc`. */
function processesIn(workspace: string): readonly number[] {
  let names: readonly string[];
  try {
    names = readdirSync("/proc");
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/environ`, "utf8").split("\0").includes(`STORMLANE_WORKSPACE=${workspace}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** By what the system says. */
const startFailures: Readonly<Record<string, string>> = {
  ENOENT: "there is no such program on PATH or in the workspace (ENOENT)",
  EACCES: "it may not be executed (EACCES)",
  ENOEXEC: "it is no program (ENOEXEC)",
  E2BIG: "its arguments and variables are too long (E2BIG)",
};
const restartMsDefault = 100;
const stopMsMax = 1_000;
const lastLinesMax = 12;
