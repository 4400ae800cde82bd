import { spawn } from "node:child_process";
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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
    const number = (this.lives.get(name)?.number ?? -1) + 1;
    const output = openSync(this.outputFile(name), "a");
    const outputFrom = fstatSync(output).size;
    const env = { ...this.options.environmentOf(name), ...configured.env };
    const { pid, over } = startChild(file, args, { cwd: this.options.workspace, env, output });
    closeSync(output);
    const life: Life = { number, pid, over, outputFrom, isRunning: true, isEnded: false };
    this.lives.set(name, life);
    if (pid !== undefined) this.pids.add(pid);
    this.options.onLife(name, number, "start", "");
    void over.then((end) => {
      if (end.kind === "ended") this.ended(name, life, end.reason);
      else {
        life.isRunning = false;
        const why = startFailures[end.code] ?? `the system refuses it (${end.code})`;
        this.failure ??= `processes.${name}: ${file} cannot be started: ${why}`;
      }
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
    const force = setTimeout(() => this.killAll(), stopMsMax);
    await Promise.all(lives.map(({ over }) => over));
    clearTimeout(force);
    this.killAll();
    for (const pid of this.pids) FakedClock.tidy(pid);
  }

  /** Each with its group, and what left its group but works in the run's folder. */
  private killAll(): void {
    for (const life of this.lives.values()) this.signal(life, "SIGKILL");
    for (const pid of processesIn(this.options.workspace)) endProcess(pid);
  }

  private ended(name: string, life: Life, reason: string): void {
    life.isRunning = false;
    if (life.isEnded || this.isClosing) return;
    const isWell = reason === endedWell;
    this.options.onLife(name, life.number, isWell ? "finish" : "crash", reason);
    if (!isWell) this.startAgain(name);
  }

  private signal({ pid }: Life, signal: NodeJS.Signals): void {
    if (pid !== undefined) endProcess(-pid, signal);
  }

  private outputFile(name: string): string {
    return join(this.options.outputFolder, `${name}.log`);
  }
}

type End =
  /** By which signal, or with which exit code. */
  { readonly kind: "ended"; readonly reason: string } | { readonly kind: "not started"; readonly code: string };

/**
 * In a group of its own, so that whatever it starts ends with it. It writes into the file itself and no pipe to it: who is
 * left behind may hold that open, and the process is over all the same.
 */
function startChild(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly output: number },
): { readonly pid: number | undefined; readonly over: Promise<End> } {
  const { cwd, env, output } = options;
  const { promise: over, resolve } = Promise.withResolvers<End>();
  const fail = ({ code, message }: NodeJS.ErrnoException): void =>
    resolve({ kind: "not started", code: code ?? message });
  try {
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ["ignore", output, output] });
    child.once("error", fail);
    child.once("exit", (code, signal) => resolve({ kind: "ended", reason: signal ?? `exit code ${code}` }));
    return { pid: child.pid, over };
  } catch (error) {
    // Node throws what it does not expect of a start, as too many arguments.
    fail(error as NodeJS.ErrnoException);
    return { pid: undefined, over };
  }
}

const endedWell = "exit code 0";

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
