import { Task } from "../kernel/task.ts";
import type { CallLabel } from "../ports/ports.ts";
import type { PortError, Result, SpawnErrorCode } from "../ports/result.ts";
import type {
  ChildProcess,
  ExitStatus,
  OutputChunk,
  Signal,
  SpawnRequest,
  SubprocessPort,
} from "../ports/subprocess.ts";
import { Call, never, type CallContext } from "./call.ts";
import type { Host } from "./host.ts";
import { ProgramRun, type ProgramListener } from "./program-run.ts";

const spawnUs = 1_000;
const pipeUs = 100;
const slackUs = 20_000;
/** One argument, or one variable with its name, may be this long on Linux. */
const argumentBytesMax = 131_071;

export class SimulatedSubprocess implements SubprocessPort {
  private readonly context: CallContext;

  constructor(context: CallContext) {
    this.context = context;
  }

  spawn(request: SpawnRequest): Promise<Result<ChildProcess>> {
    if (this.context.incarnation.state === "dead") return never();
    return new SpawnCall(this.context, request).send();
  }

  killGroup(pid: number, signal: Signal, options: CallLabel = {}): Promise<Result<void>> {
    if (this.context.incarnation.state === "dead") return never();
    return new KillGroupCall(this.context, pid, signal, options).send();
  }
}

class SpawnCall extends Call<Result<ChildProcess>> {
  private readonly request: SpawnRequest;
  private readonly host: Host;
  private readonly crashesBefore: number;

  constructor(context: CallContext, request: SpawnRequest) {
    super(context, request.name ?? `spawn.${request.command}`, request.key ?? request.cwd, "spawn");
    this.request = request;
    this.host = context.world.hostOfProcess(context.incarnation.process);
    this.crashesBefore = this.host.crashes;
  }

  protected override leave(): void {
    this.world.kernel.schedule(this, spawnUs, slackUs);
  }

  /** A parent that dies while it starts a program may leave the program running. */
  override fire(): void {
    const { host, world } = this;
    if (host.crashes !== this.crashesBefore) {
      world.kernel.forget(this.operation);
      return;
    }
    const refusal = this.refusal();
    if (refusal !== undefined) {
      this.finish("fail", refusal.code, { kind: "fail", error: refusal });
      return;
    }
    world.kernel.touchesUntold(`${this.operation.site} starts a program`);
    let program = host.programs.get(commandName(this.request.command))!;
    if (this.fault?.kind === "program-misbehaves" && host.misbehave !== undefined) {
      program = host.misbehave(program, this.fault.behaviour);
    }
    const task = new Task(`program:${program.name}`, 0, "run");
    const operation = world.kernel.begin(task, "run", this.operation.site);
    world.kernel.forget(operation);
    const { incarnation } = this.context;
    const run = new ProgramRun(incarnation, host, { world, program, operation, request: this.request });
    const child = new Child(this.context, run, this.operation.key, this.operation.name);
    run.listener = child;
    run.start();
    if (incarnation.state === "dead") run.endInput();
    this.finish("ok", "", { kind: "ok", value: child });
  }

  private refusal(): PortError | undefined {
    const { host } = this;
    if (this.fault?.kind === "spawn-fails") return spawnError(this.fault.code, this.request.command);
    const { args, env = {} } = this.request;
    // A character takes three bytes at most: short words need not be encoded to be measured.
    const words = [...args, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
    if (words.some((word) => word.includes("\0"))) return spawnError("EINVAL", this.request.command);
    if (words.some((word) => word.length > argumentBytesMax / 3 && Buffer.byteLength(word) > argumentBytesMax)) {
      return spawnError("E2BIG", this.request.command);
    }
    if (!host.programs.has(commandName(this.request.command))) return spawnError("ENOENT", this.request.command);
    if (host.disk.stat(this.request.cwd)?.kind !== "folder") return spawnError("ENOENT", this.request.command);
    return undefined;
  }
}

/** The parent's end of a running program. */
class Child implements ChildProcess, ProgramListener {
  readonly pid: number;
  readonly exited: Promise<ExitStatus>;

  private readonly context: CallContext;
  private readonly run: ProgramRun;
  private readonly key: string;
  private readonly name: string;
  private settleExited!: (status: ExitStatus) => void;
  private reader: ReadCall | undefined;
  /** Present once bytes were written: a character may be cut between two writes. */
  private decoder: InstanceType<typeof TextDecoder> | undefined;
  private signalsSent = 0;

  constructor(context: CallContext, run: ProgramRun, key: string, name: string) {
    this.context = context;
    this.run = run;
    this.pid = run.pid;
    this.key = key;
    this.name = name;
    this.exited = new Promise((resolve) => {
      this.settleExited = resolve;
    });
  }

  read(): Promise<OutputChunk | null> {
    if (this.context.incarnation.state === "dead") return never();
    this.reader = new ReadCall(this.context, this.run, `${this.name}.read`, this.key);
    return this.reader.send();
  }

  write(content: string | Uint8Array): Promise<Result<void>> {
    if (this.context.incarnation.state === "dead") return never();
    return new WriteCall(this.context, this.run, `${this.name}.write`, this.key, this.decode(content)).send();
  }

  closeInput(): void {
    if (this.context.incarnation.state === "dead") return;
    if (this.decoder !== undefined) this.run.feed(this.decoder.decode());
    this.run.endInput();
  }

  closeOutput(): void {
    if (this.context.incarnation.state !== "dead") this.run.closeOutput();
  }

  kill(signal: Signal): void {
    if (this.context.incarnation.state !== "dead") this.signalLater(signal, false);
  }

  killGroup(signal: Signal): void {
    if (this.context.incarnation.state !== "dead") this.signalLater(signal, true);
  }

  outputArrived(): void {
    this.reader?.outputArrived();
  }

  programExited(status: ExitStatus): void {
    this.reader?.outputArrived();
    this.context.world.kernel.deliver(this.context.incarnation, { deliver: () => this.settleExited(status) });
  }

  private decode(content: string | Uint8Array): string {
    if (this.decoder === undefined && typeof content === "string") return content;
    this.decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    return this.decoder.decode(bytes, { stream: true });
  }

  private signalLater(signal: Signal, group: boolean): void {
    const { world, incarnation } = this.context;
    const host = world.hostOfProcess(incarnation.process);
    world.later(`signal ${this.pid} ${signal} ${this.signalsSent++}`, pipeUs, () => {
      if (group) host.signalGroup(this.run.groupPid, signal);
      else this.run.signal(signal, false);
    });
  }
}

class ReadCall extends Call<OutputChunk | null> {
  private readonly run: ProgramRun;
  private left = false;

  constructor(context: CallContext, run: ProgramRun, name: string, key: string) {
    super(context, name, key, "clock");
    this.run = run;
  }

  protected override leave(): void {
    this.left = true;
    this.outputArrived();
  }

  /** Something to read, or the end. */
  outputArrived(): void {
    if (!this.left || !this.operation.pending || this.queueIndex !== -1) return;
    if (this.run.chunks.length === 0 && !this.run.pipesClosed) return;
    this.world.kernel.schedule(this, pipeUs, slackUs);
  }

  override fire(): void {
    const chunk = this.run.chunks.shift() ?? null;
    this.finish("ok", chunk === null ? "end" : `${chunk.stream} ${chunk.bytes.length}`, chunk);
  }
}

class WriteCall extends Call<Result<void>> {
  private readonly run: ProgramRun;
  private readonly content: string;

  constructor(context: CallContext, run: ProgramRun, name: string, key: string, content: string) {
    super(context, name, key, "clock");
    this.run = run;
    this.content = content;
  }

  protected override leave(): void {
    this.world.kernel.schedule(this, pipeUs, slackUs);
  }

  override fire(): void {
    if (this.run.feed(this.content)) this.finish("ok", "", { kind: "ok", value: undefined });
    else this.finish("fail", closedPipe.code, { kind: "fail", error: closedPipe });
  }
}

class KillGroupCall extends Call<Result<void>> {
  private readonly pid: number;
  private readonly signal: Signal;

  constructor(context: CallContext, pid: number, signal: Signal, options: CallLabel) {
    super(context, options.name ?? "subprocess.killGroup", options.key ?? "", "clock");
    this.pid = pid;
    this.signal = signal;
  }

  protected override leave(): void {
    this.world.kernel.schedule(this, pipeUs, slackUs);
  }

  override fire(): void {
    const host = this.world.hostOfProcess(this.context.incarnation.process);
    if (host.signalGroup(this.pid, this.signal)) this.finish("ok", "", { kind: "ok", value: undefined });
    else this.finish("fail", nobody.code, { kind: "fail", error: nobody });
  }
}

function commandName(command: string): string {
  return command.slice(command.lastIndexOf("/") + 1);
}

function spawnError(code: SpawnErrorCode | "EINVAL", command: string): PortError {
  return { code, message: `${command} could not be started: ${code}` };
}

const closedPipe: PortError = { code: "EPIPE", message: "the program reads its standard input no more" };
const nobody: PortError = { code: "ESRCH", message: "no process is left in that group" };
