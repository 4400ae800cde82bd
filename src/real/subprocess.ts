import type { ChildProcess as NodeChildProcess } from "node:child_process";
import { constants } from "node:os";
import type { Writable } from "node:stream";
import { execa } from "execa";
import { assert } from "../base/assert.ts";
import type { CallLabel } from "../ports/ports.ts";
import type { PortError, PortErrorCode, Result } from "../ports/result.ts";
import type {
  ChildProcess,
  ExitStatus,
  OutputChunk,
  Signal,
  SpawnRequest,
  SubprocessPort,
} from "../ports/subprocess.ts";
import { OutputQueue } from "./output-queue.ts";

/** Programs of this machine, through execa. They outlive this process, as orphans, unless somebody ends them. */
export class RealSubprocess implements SubprocessPort {
  async spawn(request: SpawnRequest): Promise<Result<ChildProcess>> {
    const { command, args, cwd } = request;
    if (holdsZeroByte(request)) return { kind: "fail", error: spawnError("EINVAL", command) };
    // As given: a file and words. Nothing here is ever read by a shell.
    const started = execa(command, args, {
      cwd,
      env: { ...inherited(), ...request.env },
      extendEnv: false,
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
      encoding: "buffer",
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    if (started.pid !== undefined) return { kind: "ok", value: new Child(started.pid, started.nodeChildProcess) };
    const { code } = await started;
    return { kind: "fail", error: spawnError(String(code), command) };
  }

  async killGroup(pid: number, signal: Signal, _options?: CallLabel): Promise<Result<void>> {
    const failure = signalGroup(pid, signal);
    return failure === undefined ? { kind: "ok", value: undefined } : { kind: "fail", error: failure };
  }
}

/** Model text may hold one, and execa throws at it. */
function holdsZeroByte({ command, args, cwd, env = {} }: SpawnRequest): boolean {
  return [command, cwd, ...args, ...Object.entries(env).flat()].some((word) => word.includes("\0"));
}

function inherited(): Record<string, string> {
  const { PATH, HOME } = process.env;
  return { ...(PATH === undefined ? {} : { PATH }), ...(HOME === undefined ? {} : { HOME }) };
}

class Child implements ChildProcess {
  readonly pid: number;
  readonly exited: Promise<ExitStatus>;

  private readonly program: NodeChildProcess;
  private readonly input: Writable;
  private readonly output: OutputQueue;

  constructor(pid: number, program: NodeChildProcess) {
    const { stdin, stdout, stderr } = program;
    assert(stdin !== null && stdout !== null && stderr !== null, "a program starts with three pipes");
    this.pid = pid;
    this.program = program;
    this.input = stdin;
    // Each write learns of its own failure.
    stdin.on("error", () => {});
    this.output = new OutputQueue(stdout, stderr);
    this.exited = new Promise((resolve) => {
      program.once("exit", (code, signal) => resolve(exitStatus(code, signal)));
    });
  }

  read(): Promise<OutputChunk | null> {
    return this.output.read();
  }

  write(content: string | Uint8Array): Promise<Result<void>> {
    return new Promise((resolve) => {
      this.input.write(content, (error) => {
        if (error === null || error === undefined) resolve({ kind: "ok", value: undefined });
        else resolve({ kind: "fail", error: closedPipe });
      });
    });
  }

  closeInput(): void {
    this.input.end();
  }

  closeOutput(): void {
    this.output.close();
  }

  kill(signal: Signal): void {
    this.program.kill(signal);
  }

  killGroup(signal: Signal): void {
    signalGroup(this.pid, signal);
  }
}

function exitStatus(code: number | null, signal: NodeJS.Signals | null): ExitStatus {
  if (signal === null) {
    assert(code !== null, "a program ends by a code or by a signal");
    return { kind: "code", code };
  }
  // As a shell says it: a crash (SIGSEGV, SIGABRT) is the program's own doing, and the port has no name for it.
  return isSignal(signal) ? { kind: "signal", signal } : { kind: "code", code: 128 + constants.signals[signal] };
}

function isSignal(signal: string): signal is Signal {
  return signal === "SIGTERM" || signal === "SIGKILL" || signal === "SIGINT" || signal === "SIGHUP";
}

/** @returns why nobody was signalled */
function signalGroup(pid: number, signal: Signal): PortError | undefined {
  // A pid may come from a file that somebody damaged, and 0, 1 and -1 stand for this process's group or for everybody.
  if (!Number.isSafeInteger(pid) || pid <= 1) return nobody;
  try {
    process.kill(-pid, signal);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "EPERM" ? notOurs : nobody;
  }
}

function spawnError(engineCode: string, command: string): PortError {
  const code = spawnCodes[engineCode] ?? "EAGAIN";
  return { code, message: `${command} could not be started: ${spawnMessages[code]}` };
}

const spawnCodes: Readonly<Record<string, keyof typeof spawnMessages>> = {
  ENOENT: "ENOENT",
  ENOTDIR: "ENOENT",
  ENAMETOOLONG: "ENOENT",
  ELOOP: "ENOENT",
  EACCES: "EACCES",
  EPERM: "EACCES",
  ENOEXEC: "EACCES",
  EAGAIN: "EAGAIN",
  ENOMEM: "EAGAIN",
  EMFILE: "EMFILE",
  ENFILE: "EMFILE",
  E2BIG: "E2BIG",
  ETXTBSY: "ETXTBSY",
  EINVAL: "EINVAL",
  ERR_INVALID_ARG_VALUE: "EINVAL",
};

const spawnMessages = {
  ENOENT: "there is no such program or working folder",
  EACCES: "it may not be executed",
  EAGAIN: "the machine has no room for another process",
  EMFILE: "too many files are open",
  E2BIG: "its arguments and environment are too long",
  ETXTBSY: "it is being written",
  EINVAL: "its name, an argument or a variable is not valid",
} satisfies Partial<Record<PortErrorCode, string>>;

const closedPipe: PortError = { code: "EPIPE", message: "the program reads its standard input no more" };
const nobody: PortError = { code: "ESRCH", message: "no process is left in that group" };
const notOurs: PortError = { code: "EACCES", message: "the processes of that group belong to somebody else" };
