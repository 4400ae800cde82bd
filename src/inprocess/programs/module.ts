import { resolve } from "node:path";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { encoded, encodingOf } from "../disk/disk-calls.ts";
import type { Timers } from "../node/timers.ts";
import type { UserProcess } from "../node/user-process.ts";
import { SimulatedChild } from "./child.ts";
import { runNow } from "./run-now.ts";
import { shellCommand } from "./shell-words.ts";

interface SpawnOptions {
  readonly cwd?: string | URL;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly shell?: boolean | string;
  readonly signal?: AbortSignal;
  readonly timeout?: number;
  readonly killSignal?: string;
  readonly encoding?: BufferEncoding | "buffer" | null;
  readonly maxBuffer?: number;
  readonly stdio?: unknown;
}

type ExecCallback = (error: unknown, stdout: string | Buffer, stderr: string | Buffer) => void;

/** `node:child_process`: the programs are those of the simulated host. There is no shell: plain lines are taken apart. */
export function childProcessModule(user: UserProcess, timers: Timers, processObject: NodeJS.Process): object {
  const placeOf = ({ cwd = processObject.cwd(), env = processObject.env }: SpawnOptions) => ({
    cwd: resolve(processObject.cwd(), cwd instanceof URL ? fileURLToPath(cwd) : cwd),
    env: definedOnly(env),
  });
  const spawn = (command: string, ...rest: unknown[]): SimulatedChild => {
    const args = Array.isArray(rest[0]) ? (rest[0] as readonly string[]) : [];
    const options = optionsIn(rest);
    const usesShell = options.shell !== undefined && options.shell !== false;
    const line = usesShell ? shellWords(user, [command, ...args].join(" ")) : { command, args };
    const child = new SimulatedChild(user, line.command, line.args.map(String), placeOf(options));
    const { signal, timeout = 0, killSignal = "SIGTERM" } = options;
    if (timeout > 0) {
      const timer = timers.setTimeout(() => child.kill(killSignal), timeout);
      child.once("exit", () => timer.close());
    }
    signal?.addEventListener("abort", () => {
      child.kill(killSignal);
      const error = new Error("The operation was aborted", { cause: signal.reason });
      user.runCallback(() => child.emit("error", Object.assign(error, { name: "AbortError", code: "ABORT_ERR" })));
    });
    if (inherits(options.stdio)) {
      child.stdout.resume();
      child.stderr.resume();
    }
    return child;
  };
  const execFile = (command: string, ...rest: unknown[]): SimulatedChild => {
    const callback = rest.findLast((each) => typeof each === "function") as ExecCallback | undefined;
    const args = Array.isArray(rest[0]) ? (rest[0] as readonly string[]) : [];
    const options = optionsIn(rest);
    const child = spawn(command, args, options);
    collect(child, [command, ...args].join(" "), options, (error, stdout, stderr) => {
      if (callback !== undefined) user.runCallback(() => callback(error, stdout, stderr));
    });
    return child;
  };
  const exec = (line: string, ...rest: unknown[]): SimulatedChild => {
    const { command, args } = shellWords(user, line);
    return execFile(command, args, ...rest);
  };
  promisified(execFile);
  promisified(exec);
  const spawnSync = (command: string, ...rest: unknown[]): SpawnedSync => {
    const args = Array.isArray(rest[0]) ? (rest[0] as readonly string[]) : [];
    const options = optionsIn(rest) as SpawnOptions & { readonly input?: string | Uint8Array };
    const usesShell = options.shell !== undefined && options.shell !== false;
    const line = usesShell ? shellWords(user, [command, ...args].join(" ")) : { command, args };
    const input = Buffer.from(options.input ?? "").toString();
    const end = runNow(user, { command: line.command, args: line.args.map(String), input, ...placeOf(options) });
    const encoding = encodingOf(options.encoding);
    if (end.kind === "refused") {
      const error = Object.assign(new Error(`spawnSync ${command} ${end.code}`), { code: end.code, path: command });
      return { pid: 0, status: null, signal: null, stdout: null, stderr: null, output: null, error };
    }
    const stdout = encoded(end.stdout, encoding);
    const stderr = encoded(end.stderr, encoding);
    return { pid: end.pid, status: end.code, signal: end.signal, stdout, stderr, output: [null, stdout, stderr] };
  };
  const execFileSync = (command: string, ...rest: unknown[]): string | Buffer | null => {
    const result = spawnSync(command, ...rest);
    if (result.error !== undefined) throw result.error;
    if (result.status === 0) return result.stdout;
    const error = new Error(`Command failed: ${command}\n${String(result.stderr)}`);
    throw Object.assign(error, result);
  };
  const execSync = (line: string, options?: unknown): string | Buffer | null => {
    const { command, args } = shellWords(user, line);
    return execFileSync(command, args, options);
  };
  return {
    spawn,
    exec,
    execFile,
    ChildProcess: SimulatedChild,
    fork: () => user.refuse("child_process.fork", "a process of its own in the system's configuration"),
    spawnSync,
    execSync,
    execFileSync,
  };
}

interface SpawnedSync {
  readonly pid: number;
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string | Buffer | null;
  readonly stderr: string | Buffer | null;
  readonly output: readonly (string | Buffer | null)[] | null;
  readonly error?: Error;
}

/** Of `(command, args?, options?, callback?)` without the first. */
function optionsIn(rest: readonly unknown[]): SpawnOptions {
  return rest.find((each) => typeof each === "object" && each !== null && !Array.isArray(each)) ?? {};
}

function shellWords(user: UserProcess, line: string): NonNullable<ReturnType<typeof shellCommand>> {
  return shellCommand(line) ?? user.unmodelled(`what a shell makes of ${JSON.stringify(line)}`);
}

function collect(child: SimulatedChild, line: string, options: SpawnOptions, done: ExecCallback): void {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let failure: unknown;
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  child.once("error", (error: unknown) => {
    failure = error;
  });
  child.once("close", (code: number | null, signal: string | null) => {
    const encoding = options.encoding === undefined ? "utf8" : encodingOf(options.encoding);
    const stdout = encoded(Buffer.concat(out), encoding);
    const stderr = encoded(Buffer.concat(err), encoding);
    if (failure === undefined && (code !== 0 || signal !== null)) {
      const error = new Error(`Command failed: ${line}\n${stderr.toString()}`);
      failure = Object.assign(error, { code, signal, killed: child.killed, cmd: line });
    }
    const error = failure === undefined ? null : Object.assign(failure as Error, { stdout, stderr });
    done(error, stdout, stderr);
  });
}

function promisified(call: (command: string, ...rest: unknown[]) => SimulatedChild): void {
  const promise = (command: string, ...rest: unknown[]): Promise<unknown> => {
    let child: SimulatedChild | undefined;
    const settled = new Promise((resolve, reject) => {
      child = call(command, ...rest, (error: unknown, stdout: unknown, stderr: unknown) => {
        if (error === null) resolve({ stdout, stderr });
        else reject(error);
      });
    });
    return Object.assign(settled, { child });
  };
  Object.defineProperty(call, promisify.custom, { value: promise });
}

function inherits(stdio: unknown): boolean {
  return stdio === "inherit" || stdio === "ignore";
}

function definedOnly(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
