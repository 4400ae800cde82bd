import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { encoded, encodingOf } from "../disk/disk-calls.ts";
import type { Timers } from "../node/timers.ts";
import type { UserProcess } from "../node/user-process.ts";
import { SimulatedChild } from "./child.ts";
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
  const spawn = (command: string, ...rest: unknown[]): SimulatedChild => {
    const args = Array.isArray(rest[0]) ? (rest[0] as readonly string[]) : [];
    const options = ((Array.isArray(rest[0]) ? rest[1] : rest[0]) ?? {}) as SpawnOptions;
    const usesShell = options.shell !== undefined && options.shell !== false;
    const line = usesShell ? shellWords(user, [command, ...args].join(" ")) : { command, args };
    const { cwd = processObject.cwd(), env = processObject.env } = options;
    const child = new SimulatedChild(user, line.command, line.args.map(String), {
      cwd: cwd instanceof URL ? fileURLToPath(cwd) : cwd,
      env: definedOnly(env),
    });
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
    const options = (rest.find((each) => typeof each === "object" && each !== null && !Array.isArray(each)) ??
      {}) as SpawnOptions;
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
  const synchronous = (name: string) => () =>
    user.unmodelled(`child_process.${name}, during which the whole process would stand still,`);
  return {
    spawn,
    exec,
    execFile,
    ChildProcess: SimulatedChild,
    fork: () => user.refuse("child_process.fork", "a process of its own in the system's configuration"),
    spawnSync: synchronous("spawnSync"),
    execSync: synchronous("execSync"),
    execFileSync: synchronous("execFileSync"),
  };
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
