import { spawn } from "node:child_process";
import { closeSync, readFileSync, writeSync } from "node:fs";
import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";
import { unreachable } from "../../base/assert.ts";
import type { HostFiles, Program, ProgramContext, ProgramStep, SignalResponse } from "../../ports/program.ts";
import type { Change, Unmodelled } from "../../ports/service.ts";
import type { Signal } from "../../ports/subprocess.ts";
import { UnmodelledCall } from "../problems.ts";
import { leftBehind } from "./environment.ts";
import { RealHostFiles } from "./host-files.ts";
import { StandardInput } from "./standard-input.ts";
import { writeFully, type OutputStream } from "./standard-output.ts";
import { recordedFiles, TapeRecorder, type Tape } from "./tape.ts";

export interface ProcessOptions {
  /** What the program sees of it. */
  readonly env: Readonly<Record<string, string>>;
  /** How fast its work goes: 1 is real time, 0 waits for nothing. */
  readonly speed: number;
  draw(purpose: string, bound: number): number;
  record(change: Change): void;
  /** The program did what it cannot, or broke. @returns what to say on standard error */
  tellProblem(error: unknown): string;
  /** All numbers that the program and what is around it took from counts so far. */
  readonly numbers: readonly number[];
  /** What this process goes on from, as the child that a program left behind. */
  readonly left?: Leaving;
}

/** What a program hands to the child that it leaves behind. */
export interface Leaving {
  readonly tape: Tape;
  readonly numbers: readonly number[];
  /** Of the program itself. */
  readonly pid: number;
  readonly holdsPipes: boolean;
}

/**
 * Runs a program as this process, on real files, pipes, signals and time, and ends it. Between two yields nothing comes
 * in between, as in a simulation: signals that the program answers itself wait for the next yield, others do not.
 */
export async function runAsProcess(program: Program, options: ProcessOptions): Promise<never> {
  return new ProgramProcess(program, options).run();
}

/** What the program that left this process behind handed to it; undefined for a program itself. */
export function readLeaving(): Leaving | undefined {
  return process.env[leftBehind] === undefined ? undefined : (JSON.parse(readFileSync(0, "utf8")) as Leaving);
}

/** As a shell tells the end of a program that was struck by SIGPIPE, which Node does not let happen. */
const brokenPipeExitCode = 141;
/** Our own or the scenario's fault, in the words of sysexits: internal software error. */
export const problemExitCode = 70;

class ProgramProcess implements ProgramContext {
  readonly args = process.argv.slice(2);
  readonly env: Readonly<Record<string, string>>;
  readonly cwd = process.cwd();
  readonly pid: number;
  readonly files: HostFiles;

  private readonly program: Program;
  private readonly options: ProcessOptions;
  private readonly tape: TapeRecorder;
  private readonly input = new StandardInput();
  private readonly mute: boolean;
  /** False while this process catches up with the one that left it. */
  private isLive: boolean;

  constructor(program: Program, options: ProcessOptions) {
    this.program = program;
    this.env = options.env;
    this.options = options;
    this.tape = new TapeRecorder(options.left?.tape);
    this.pid = options.left?.pid ?? process.pid;
    this.isLive = options.left === undefined;
    this.mute = options.left?.holdsPipes === false;
    this.files = recordedFiles(new RealHostFiles(), this.tape);
  }

  async run(): Promise<never> {
    this.answerSignals();
    try {
      return await this.runSteps();
    } catch (error) {
      writeFully("stderr", `stormlane: ${this.program.name}: ${this.options.tellProblem(error)}\n`);
      return process.exit(problemExitCode);
    }
  }

  nowMs(): number {
    return this.tape.ask(() => Date.now());
  }

  stdout(content: string | Uint8Array): void {
    this.write("stdout", content);
  }

  stderr(content: string | Uint8Array): void {
    this.write("stderr", content);
  }

  record(change: Change): void {
    if (this.isLive) this.options.record(change);
  }

  draw(purpose: string, bound: number): number {
    return this.options.draw(purpose, bound);
  }

  unmodelled(what: Unmodelled): never {
    throw new UnmodelledCall(what);
  }

  private async runSteps(): Promise<never> {
    this.report("program.started");
    const work = this.program.run(this);
    let resume: string | undefined;
    for (;;) {
      const turn = work.next(resume);
      resume = undefined;
      if (turn.done === true) return this.exit(turn.value);
      const step = turn.value;
      switch (step.kind) {
        case "work":
          if (this.isLive) await this.pause(step.durationUs);
          break;
        case "input":
          resume = await this.tape.wait(() => this.input.all());
          break;
        case "inputLine":
          resume = await this.tape.wait(() => this.input.line());
          break;
        case "closeInput":
          if (this.isLive) this.input.close();
          break;
        case "leave":
          if (this.isLive) return this.leave(step);
          this.takeOver();
          break;
        case "hang":
          return forever();
        case "die":
          return this.die(step.signal);
        default:
          return unreachable(step);
      }
    }
  }

  /** Also without a wait signals get their turn. */
  private async pause(durationUs: number): Promise<void> {
    const { speed } = this.options;
    const durationMs = speed === 0 ? 0 : durationUs / 1000 / speed;
    if (durationMs < 1) await nextTurn();
    else await wait(durationMs);
  }

  private write(stream: OutputStream, content: string | Uint8Array): void {
    if (!this.isLive || this.mute) return;
    if (!writeFully(stream, content)) this.exit(brokenPipeExitCode);
  }

  private answerSignals(): void {
    for (const signal of signals) {
      const response = this.responseTo(signal);
      if (response !== undefined) process.on(signal, () => this.answer(response));
    }
  }

  private responseTo(signal: Signal): SignalResponse | undefined {
    const { ignoresSignals, signals: responses } = this.program;
    const response: SignalResponse | undefined = ignoresSignals === true ? { kind: "ignore" } : responses?.[signal];
    // The child that a program left has no last word of the program's.
    return this.options.left === undefined || response?.kind === "ignore" ? response : undefined;
  }

  private answer(response: SignalResponse): void {
    if (response.kind === "ignore") return;
    this.stdout(response.stdout ?? "");
    this.stderr(response.stderr ?? "");
    this.exit(response.exitCode);
  }

  private exit(exitCode: number): never {
    this.report("program.ended");
    return process.exit(exitCode);
  }

  private die(signal: Signal): Promise<never> {
    this.report("program.ended");
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // It takes effect when it does.
    return forever();
  }

  /** Starts this program once more, as a child that goes on from here, and exits when the child is about to. */
  private async leave({ exitCode, holdsPipes }: ProgramStep & { readonly kind: "leave" }): Promise<never> {
    const pipe = holdsPipes ? "inherit" : "ignore";
    const child = spawn(process.execPath, process.argv.slice(1), {
      cwd: this.cwd,
      env: { ...process.env, [leftBehind]: "1" },
      stdio: ["pipe", pipe, pipe, "pipe"],
    });
    const leaving: Leaving = { tape: this.tape.tape(), numbers: this.options.numbers, pid: this.pid, holdsPipes };
    child.stdin!.end(JSON.stringify(leaving));
    await new Promise((ready) => child.stdio[readyDescriptor]!.once("data", ready));
    return process.exit(exitCode);
  }

  /** From here on this process is the program. */
  private takeOver(): void {
    this.isLive = true;
    writeSync(readyDescriptor, "ready");
    closeSync(readyDescriptor);
  }

  /** A program that left a child behind ends when the child does. */
  private report(type: "program.started" | "program.ended"): void {
    this.record({ store: "program", type, pid: this.pid, name: this.program.name });
  }
}

/** Where that child says that it has caught up. */
const readyDescriptor = 3;
const signals: readonly Signal[] = ["SIGTERM", "SIGINT", "SIGHUP"];

/** A promise alone does not keep a process alive. */
function forever(): Promise<never> {
  return new Promise(() => setInterval(() => {}, 2 ** 30));
}
