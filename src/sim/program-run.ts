import type { Footprint } from "../base/footprint.ts";
import { purpose } from "../kernel/draws.ts";
import { RunBroken } from "../kernel/kernel.ts";
import type { Operation } from "../kernel/operation.ts";
import type { Incarnation } from "../kernel/process.ts";
import { Step } from "../kernel/step.ts";
import { epochMs, usPerMs } from "../kernel/time.ts";
import type { ProgramChange } from "../history/changes.ts";
import type { HostFiles, Program, ProgramContext, ProgramStep, SignalResponse } from "../ports/program.ts";
import type { Change, Unmodelled } from "../ports/service.ts";
import type { ExitStatus, OutputChunk, Signal, SpawnRequest } from "../ports/subprocess.ts";
import type { Host } from "./host.ts";
import type { World } from "./world.ts";

/** Who hears of a program's output and end. The parent may have died: then nobody does. */
export interface ProgramListener {
  outputArrived(): void;
  programExited(status: ExitStatus): void;
}

/** A program takes this much longer, without a fault, on a busy machine. */
const programSlackUs = 2_000_000;

/**
 * One running program of the simulated host. It is a process of its own: it outlives whoever started it.
 * It runs from yield to yield; a signal takes effect between two.
 */
export class ProgramRun extends Step implements ProgramContext {
  /** The life that started it, which may be over. */
  readonly parent: Incarnation;
  readonly pid: number;
  readonly groupPid: number;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Output that nobody has read yet. */
  readonly chunks: OutputChunk[] = [];
  /** How the program itself ended; a child that it left may go on. */
  status: ExitStatus | undefined;
  pipesClosed = false;
  listener: ProgramListener | undefined;

  private readonly world: World;
  private readonly host: Host;
  private readonly program: Program;
  private readonly actor: string;
  private readonly work: Generator<ProgramStep, number, string | undefined>;
  private input = "";
  private inputEnded = false;
  private inputClosed = false;
  private waitsFor: "input" | "inputLine" | undefined;
  private over = false;
  /** What the program does when it goes on, as far as it says. */
  private nextTouches: readonly Footprint[] | undefined;

  constructor(
    parent: Incarnation,
    host: Host,
    how: { world: World; program: Program; operation: Operation; request: SpawnRequest },
  ) {
    super(how.operation);
    const { world, program, request } = how;
    this.parent = parent;
    this.world = world;
    this.host = host;
    this.program = program;
    this.pid = host.takePid();
    this.groupPid = this.pid;
    this.args = request.args;
    this.env = request.env ?? {};
    this.cwd = request.cwd;
    this.actor = `program:${program.name}`;
    this.work = program.run(this);
  }

  start(): void {
    this.host.running.set(this.pid, this);
    this.report("program.started");
    this.stage = 1;
    this.world.kernel.schedule(this, startUs, programSlackUs);
  }

  override get touches(): readonly Footprint[] {
    return this.nextTouches ?? super.touches;
  }

  override fire(): void {
    this.stage++;
    this.nextTouches = undefined;
    const input = this.takeInput();
    this.host.diskFor(this.operation, this.actor);
    const turn = this.work.next(input);
    if (turn.done === true) {
      this.end({ kind: "code", code: turn.value });
      return;
    }
    const step = turn.value;
    switch (step.kind) {
      case "work":
        this.nextTouches = step.touches;
        this.world.kernel.schedule(this, step.durationUs, programSlackUs);
        return;
      case "input":
      case "inputLine":
        this.waitsFor = step.kind;
        this.inputArrived();
        return;
      case "closeInput":
        this.inputClosed = true;
        this.world.kernel.schedule(this, pipeUs, 0);
        return;
      case "leave":
        this.status = { kind: "code", code: step.exitCode };
        this.pipesClosed = !step.holdsPipes;
        this.world.kernel.schedule(this, pipeUs, programSlackUs);
        this.listener?.programExited(this.status);
        return;
      case "hang":
        return;
      case "die":
        this.end({ kind: "signal", signal: step.signal });
        return;
      default:
        throw new RunBroken("unknown program step");
    }
  }

  /** @returns false when nobody reads any more */
  feed(content: string): boolean {
    if (this.status !== undefined || this.inputEnded || this.inputClosed) return false;
    this.input += content;
    this.inputArrived();
    return true;
  }

  endInput(): void {
    if (this.inputEnded) return;
    this.inputEnded = true;
    if (this.status === undefined) this.inputArrived();
  }

  /** The other end of its pipes is gone. */
  closeOutput(): void {
    this.chunks.length = 0;
    this.pipesClosed = true;
    this.listener?.outputArrived();
  }

  /** @param group also what the program left behind hears it */
  signal(signal: Signal, group: boolean): void {
    if (this.over || (this.status !== undefined && !group)) return;
    const response = signal === "SIGKILL" ? undefined : this.responseTo(signal);
    if (response?.kind === "ignore") return;
    this.world.kernel.cancel(this);
    if (response === undefined || this.status !== undefined) {
      this.end({ kind: "signal", signal });
      return;
    }
    this.stdout(response.stdout ?? "");
    this.stderr(response.stderr ?? "");
    this.end({ kind: "code", code: response.exitCode });
  }

  /** The machine lost power. */
  vanish(): void {
    this.world.kernel.cancel(this);
    this.over = true;
    this.report("program.ended");
    this.status ??= { kind: "signal", signal: "SIGKILL" };
    this.listener = undefined;
  }

  // What the program sees.

  get files(): HostFiles {
    return this.host.disk;
  }

  nowMs(): number {
    return Math.floor(epochMs + this.world.kernel.nowUs / usPerMs);
  }

  stdout(content: string | Uint8Array): void {
    this.write("stdout", content);
  }

  stderr(content: string | Uint8Array): void {
    this.write("stderr", content);
  }

  record(change: Change): void {
    this.world.history.change(this.operation, change);
  }

  draw(name: string, bound: number): number {
    return this.world.kernel.draws.int(this.operation.siteHash, purpose(name), bound);
  }

  unmodelled(what: Unmodelled): never {
    throw new RunBroken(
      `${this.program.name}: ${what.method} with ${JSON.stringify(what.args)} is not modelled; extend ${what.file}`,
    );
  }

  private responseTo(signal: Signal): SignalResponse | undefined {
    return this.program.ignoresSignals === true ? { kind: "ignore" } : this.program.signals?.[signal];
  }

  /** What the program asked for, once it is there. */
  private takeInput(): string | undefined {
    const wanted = this.waitsFor;
    this.waitsFor = undefined;
    if (wanted === undefined) return undefined;
    const newline = wanted === "input" ? -1 : this.input.indexOf("\n");
    const end = newline === -1 ? this.input.length : newline;
    const taken = this.input.slice(0, end);
    this.input = this.input.slice(end + 1);
    return wanted === "inputLine" && newline === -1 && taken === "" ? undefined : taken;
  }

  private inputArrived(): void {
    if (this.waitsFor === undefined || this.queueIndex !== -1) return;
    if (this.inputEnded || (this.waitsFor === "inputLine" && this.input.includes("\n"))) {
      this.world.kernel.schedule(this, pipeUs, 0);
    }
  }

  /** A program that left a child behind ends when the child does. */
  private report(type: "program.started" | "program.ended", ending?: ExitStatus): void {
    const change = { store: "program", type, pid: this.pid, name: this.program.name } satisfies ProgramChange;
    const status = ending?.kind === "code" ? String(ending.code) : ending?.signal;
    this.world.history.change(this.operation, status === undefined ? change : { ...change, status });
  }

  private write(stream: OutputChunk["stream"], content: string | Uint8Array): void {
    if (content.length === 0 || this.pipesClosed) return;
    this.chunks.push({ stream, bytes: typeof content === "string" ? encoder.encode(content) : content });
    this.listener?.outputArrived();
  }

  private end(status: ExitStatus): void {
    this.over = true;
    this.pipesClosed = true;
    this.host.running.delete(this.pid);
    this.report("program.ended", this.status ?? status);
    if (this.status === undefined) {
      this.status = status;
      this.listener?.programExited(status);
    } else {
      this.listener?.outputArrived();
    }
  }
}

const encoder = new TextEncoder();

/** From the spawn to the program's first own step. */
const startUs = 2_000;
const pipeUs = 100;
