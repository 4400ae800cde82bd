import { EventEmitter } from "node:events";
import { Readable, Writable } from "node:stream";
import type { ChildProcess, ExitStatus, Signal } from "../../ports/subprocess.ts";
import type { PortError } from "../../ports/result.ts";
import type { Callback, UserProcess, UserTask } from "../node/user-process.ts";

export interface ChildOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** `ChildProcess` of `node:child_process`: a program of the simulated host. */
export class SimulatedChild extends EventEmitter {
  pid: number | undefined;
  exitCode: number | null = null;
  signalCode: string | null = null;
  killed = false;
  readonly connected = false;
  readonly spawnfile: string;
  readonly spawnargs: readonly string[];
  readonly stdin: Writable;
  readonly stdout = new Readable({ read() {} });
  readonly stderr = new Readable({ read() {} });
  readonly stdio: readonly unknown[];

  private readonly user: UserProcess;
  private readonly task: UserTask;
  private child: ChildProcess | undefined;
  /** What was asked of the program before it ran. */
  private readonly waiting: ((child: ChildProcess) => void)[] = [];

  constructor(user: UserProcess, command: string, args: readonly string[], options: ChildOptions) {
    super();
    this.user = user;
    this.task = user.task;
    this.spawnfile = command;
    this.spawnargs = [command, ...args];
    this.stdin = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.whenRunning((child) => void user.callBack(done as Callback, written(child, chunk)));
      },
      final: (done) => {
        this.whenRunning((child) => child.closeInput());
        done();
      },
    });
    this.stdio = [this.stdin, this.stdout, this.stderr];
    void this.spawn(command, args, options);
  }

  kill(signal: string | number = "SIGTERM"): boolean {
    if (this.exitCode !== null || this.signalCode !== null) return false;
    this.killed = true;
    const name = signal === 9 ? "SIGKILL" : typeof signal === "string" ? signal : "SIGTERM";
    this.whenRunning((child) => child.kill(name as Signal));
    return true;
  }

  ref(): void {}

  unref(): void {}

  disconnect(): void {}

  [Symbol.dispose](): void {
    this.kill();
  }

  private async spawn(command: string, args: readonly string[], { cwd, env }: ChildOptions): Promise<void> {
    const program = command.slice(command.lastIndexOf("/") + 1);
    const label = this.task.take(`spawn.${program}`, [args[0] ?? "", cwd].join(" ").trim());
    const { name, key } = label;
    const result = await this.task.ports.subprocess.spawn({ command, args, cwd, env, name, key });
    if (result.kind !== "ok") {
      this.task.giveBack(label);
      this.fail(result.error);
      return;
    }
    const child = result.value;
    this.child = child;
    this.pid = child.pid;
    this.user.runCallback(() => this.emit("spawn"));
    for (const action of this.waiting.splice(0)) action(child);
    void child.exited.then((status) => this.exit(status));
    for (let chunk = await child.read(); chunk !== null; chunk = await child.read()) {
      this[chunk.stream].push(chunk.bytes);
    }
    this.task.giveBack(label);
    this.stdout.push(null);
    this.stderr.push(null);
    const status = await child.exited;
    // The listeners of both streams hear of their ends first.
    await Promise.all([ended(this.stdout), ended(this.stderr)]);
    const { code, signal } = codes(status);
    this.user.runCallback(() => this.emit("close", code, signal));
  }

  private exit(status: ExitStatus): void {
    const { code, signal } = codes(status);
    this.exitCode = code;
    this.signalCode = signal;
    this.stdin.destroy();
    this.user.runCallback(() => this.emit("exit", code, signal));
  }

  private fail({ code }: PortError): void {
    const { spawnfile, spawnargs } = this;
    const error = Object.assign(new Error(`spawn ${spawnfile} ${code}`), {
      code,
      errno: code === "ENOENT" ? -2 : -1,
      syscall: `spawn ${spawnfile}`,
      path: spawnfile,
      spawnargs: spawnargs.slice(1),
    });
    this.stdin.destroy();
    this.stdout.push(null);
    this.stderr.push(null);
    this.exitCode = -2;
    this.user.runCallback(() => this.emit("error", error));
    this.user.runCallback(() => this.emit("close", -2, null));
  }

  private whenRunning(action: (child: ChildProcess) => void): void {
    if (this.child !== undefined) action(this.child);
    else this.waiting.push(action);
  }
}

function codes(status: ExitStatus): { readonly code: number | null; readonly signal: Signal | null } {
  return status.kind === "code" ? { code: status.code, signal: null } : { code: null, signal: status.signal };
}

/** A stream that nobody reads counts as ended. */
async function ended(stream: Readable): Promise<void> {
  if (stream.readableEnded || stream.destroyed || stream.readableFlowing !== true) return;
  await new Promise<void>((resolve) => {
    stream.once("end", resolve);
    stream.once("close", resolve);
  });
}

async function written(child: ChildProcess, chunk: Uint8Array): Promise<void> {
  const result = await child.write(chunk);
  if (result.kind === "ok") return;
  throw Object.assign(new Error("write EPIPE"), { code: "EPIPE", errno: -32, syscall: "write" });
}
