import { EventEmitter } from "node:events";
import { Readable, Writable } from "node:stream";
import type { Signal } from "../../ports/subprocess.ts";
import { simulatedHrtime } from "./clock.ts";
import { say } from "./output.ts";
import type { UserProcess } from "./user-process.ts";

/** The version of Node that a simulated process takes itself to run on, whichever runs the simulation. */
const nodeVersion = "v24.0.0";

/** `process`. Where it does not say what the simulated machine is, nothing reads it. */
export function processObject(user: UserProcess, entry: string): NodeJS.Process {
  const { start } = user;
  let { cwd } = start;
  const startMs = user.task.ports.clock.monotonicMs();
  const emitter = new EventEmitter();
  const output = (name: string): Writable =>
    Object.assign(
      new Writable({
        decodeStrings: false,
        write(chunk: string | Uint8Array, _encoding, done) {
          const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
          say(user, name, text.replace(/\n$/, ""));
          done();
        },
      }),
      { isTTY: false, columns: 80, fd: name === "stdout" ? 1 : 2 },
    );
  const own: Record<string, unknown> = {
    title: "node",
    argv: ["/usr/bin/node", entry, ...start.args],
    argv0: "node",
    execArgv: [],
    execPath: "/usr/bin/node",
    env: { PATH: "/usr/bin:/bin", HOME: "/home/user", TZ: "UTC", ...start.env },
    exitCode: undefined,
    pid: user.pid,
    ppid: 1,
    platform: "linux",
    arch: "x64",
    version: nodeVersion,
    versions: { node: nodeVersion.slice(1), v8: "13.6", uv: "1.50", modules: "137" },
    release: { name: "node" },
    config: { variables: {} },
    features: {},
    report: undefined,
    connected: false,
    cwd: () => cwd,
    chdir: (folder: string) => {
      cwd = folder;
    },
    exit: (code?: number | string) => user.exit(Number(code ?? own["exitCode"] ?? 0)),
    reallyExit: (code?: number) => user.exit(code ?? 0),
    abort: () => user.exit(134),
    kill: (pid: number, signal: string | number = "SIGTERM") => kill(user, emitter, pid, signal),
    nextTick: (callback: (...args: unknown[]) => void, ...args: unknown[]) => process.nextTick(callback, ...args),
    hrtime: simulatedHrtime(user),
    uptime: () => (user.task.ports.clock.monotonicMs() - startMs) / 1_000,
    cpuUsage: () => ({ user: 0, system: 0 }),
    resourceUsage: () => ({ maxRSS: 0, userCPUTime: 0, systemCPUTime: 0 }),
    memoryUsage: Object.assign(() => memory, { rss: () => memory.rss }),
    constrainedMemory: () => 0,
    availableMemory: () => 4 * 2 ** 30,
    umask: () => 0o022,
    getuid: () => 1_000,
    geteuid: () => 1_000,
    getgid: () => 1_000,
    getegid: () => 1_000,
    emitWarning: (warning: unknown) => say(user, "stderr", String(warning)),
    getBuiltinModule: undefined,
    allowedNodeEnvironmentFlags: new Set<string>(),
    binding: () => user.refuse("process.binding", "a module of Node's"),
    dlopen: () => user.refuse("process.dlopen", "code without native modules"),
    setUncaughtExceptionCaptureCallback: () => user.unmodelled("process.setUncaughtExceptionCaptureCallback"),
    hasUncaughtExceptionCaptureCallback: () => false,
    send: undefined,
  };
  user.onExit.push(() => emitter.emit("exit", own["exitCode"] ?? 0));
  Object.assign(emitter, own);
  // By this, clients tell Node from browsers.
  Object.defineProperty(emitter, Symbol.toStringTag, { value: "process" });
  defineLate(emitter, "stdin", () => Readable.from([]));
  defineLate(emitter, "stdout", () => output("stdout"));
  defineLate(emitter, "stderr", () => output("stderr"));
  return emitter as unknown as NodeJS.Process;
}

/** Streams cost more than all the rest, and few processes touch them. */
function defineLate(holder: object, name: string, make: () => unknown): void {
  const define = (value: unknown): void => {
    Object.defineProperty(holder, name, { value, writable: true, configurable: true, enumerable: true });
  };
  Object.defineProperty(holder, name, {
    configurable: true,
    enumerable: true,
    get() {
      define(make());
      return Reflect.get(holder, name) as unknown;
    },
    set: define,
  });
}

const memory = { rss: 2 ** 26, heapTotal: 2 ** 25, heapUsed: 2 ** 24, external: 2 ** 20, arrayBuffers: 0 };

/** Signal 0 asks whether there is such a process: those of this host are known by their numbers. */
function kill(user: UserProcess, emitter: EventEmitter, pid: number, signal: string | number): true {
  const { host, pid: own, task } = user;
  const name = typeof signal === "string" ? signal : (signalNames[signal] ?? "SIGTERM");
  if (Math.abs(pid) === own) {
    if (signal !== 0 && !emitter.emit(name, name)) user.exit(1);
    return true;
  }
  const isThere =
    pid === 1 || [...host.running.values()].some((run) => (pid < 0 ? run.groupPid === -pid : run.pid === pid));
  if (!isThere) throw Object.assign(new Error("kill ESRCH"), { errno: -3, code: "ESRCH", syscall: "kill" });
  if (signal !== 0) {
    void task.call("process.kill", name, (ports, label) =>
      ports.subprocess.killGroup(Math.abs(pid), name as Signal, label),
    );
  }
  return true;
}

const signalNames: Readonly<Record<number, string>> = { 1: "SIGHUP", 2: "SIGINT", 9: "SIGKILL", 15: "SIGTERM" };
