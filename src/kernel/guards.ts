import { syncBuiltinESMExports } from "node:module";
import childProcess from "node:child_process";
import cluster from "node:cluster";
import crypto from "node:crypto";
import dgram from "node:dgram";
import dns from "node:dns";
import fs from "node:fs";
import fsPromises from "node:fs/promises";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import nodeTimers from "node:timers";
import timersPromises from "node:timers/promises";
import tls from "node:tls";
import workerThreads from "node:worker_threads";
import zlib from "node:zlib";

/**
 * Real time, randomness, timers, files, sockets and processes must not be reached from inside a simulated process.
 * The guards stand in front of Node's own functions: code outside a run passes through, code inside one is a
 * determinism leak, reported with the site and the stack.
 */
export interface LeakWatch {
  /** Called when simulated code reaches for the real world. Must throw. */
  leaked(api: string, instead: string): never;
}

/** Who is running simulated code just now. Set around each turn of a process, never across one. */
let watch: LeakWatch | undefined;

export function enterSimulatedCode(by: LeakWatch): void {
  watch = by;
}

export function leaveSimulatedCode(): void {
  watch = undefined;
}

/** Runs our own code in the middle of a process's turn: what it does there is not the subject's doing. */
export function outsideSimulatedCode<Value>(body: () => Value): Value {
  const inside = watch;
  watch = undefined;
  try {
    return body();
  } finally {
    watch = inside;
  }
}

/**
 * Installs the guards in this Node, once, for its life. Installing again changes nothing.
 * Named imports of Node's modules are covered too, including those bound before.
 */
export function installGuards(): void {
  if (installed) return;
  installed = true;
  guardClock();
  for (const [holder, prefix, names, instead] of guardedFunctions()) {
    for (const name of names) guard(holder, prefix + name, name, instead);
  }
  guardGetter(crypto.webcrypto, "crypto.subtle", "subtle", "sha256 of src/base/digest.ts");
  syncBuiltinESMExports();
}

let installed = false;

type Holder = Record<string, unknown>;

function guardedFunctions(): [Holder, string, readonly string[], string][] {
  const clock = "ports.clock";
  const chance = "ports.random";
  const disk = "ports.files";
  const network = "ports.http";
  const programs = "ports.subprocess";
  const global = globalThis as unknown as Holder;
  const timers = ["setTimeout", "setInterval", "setImmediate"];
  return [
    [global, "", timers, `${clock}.sleep`],
    [nodeTimers, "timers.", timers, `${clock}.sleep`],
    [timersPromises, "timers/promises.", timers, `${clock}.sleep`],
    [timersPromises.scheduler as unknown as Holder, "timers/promises scheduler.", ["wait", "yield"], `${clock}.sleep`],
    [AbortSignal as unknown as Holder, "AbortSignal.", ["timeout"], `timeoutMs of the call, or ${clock}.sleep`],
    [Math as unknown as Holder, "Math.", ["random"], `${chance}.int`],
    [performance as unknown as Holder, "performance.", ["now", "mark", "measure"], `${clock}.monotonicMs`],
    [process.hrtime as unknown as Holder, "process.hrtime.", ["bigint"], `${clock}.monotonicMs`],
    [process as unknown as Holder, "process.", ["hrtime", "uptime", "cpuUsage"], `${clock}.monotonicMs`],
    [process as unknown as Holder, "process.", ["kill"], `${programs}.killGroup`],
    [process as unknown as Holder, "process.", ["dlopen"], "code without native modules"],
    [crypto, "crypto.", randomFunctions, `${chance}.id`],
    [crypto.webcrypto as unknown as Holder, "crypto.", ["randomUUID", "getRandomValues"], `${chance}.id`],
    [global, "", ["fetch"], `${network}.request`],
    [global, "", ["MessageChannel", "BroadcastChannel", "WebSocket", "EventSource"], network],
    [global, "", ["WeakRef", "FinalizationRegistry"], "an explicit owner"],
    [http, "http.", ["request", "get", "createServer"], network],
    [https, "https.", ["request", "get", "createServer"], network],
    [net, "net.", ["connect", "createConnection", "createServer", "Socket"], network],
    [tls, "tls.", ["connect", "createServer"], network],
    [http2, "http2.", ["connect", "createServer", "createSecureServer"], network],
    [dgram, "dgram.", ["createSocket"], network],
    [dns, "dns.", ["lookup", "resolve"], network],
    [childProcess, "child_process.", spawnFunctions, `${programs}.spawn`],
    [cluster as unknown as Holder, "cluster.", ["fork"], `${programs}.spawn`],
    [workerThreads, "worker_threads.", ["Worker"], "a process of the scenario"],
    [fs, "fs.", functionsOf(fs), disk],
    [fsPromises, "fs/promises.", functionsOf(fsPromises), disk],
    [zlib, "zlib.", ["gzip", "gunzip", "deflate", "inflate", "brotliCompress"], "the Sync function"],
  ];
}

const randomFunctions: readonly string[] = [
  "randomUUID",
  "randomBytes",
  "randomInt",
  "randomFill",
  "randomFillSync",
  "generateKeyPair",
  "generateKeyPairSync",
  "pbkdf2",
  "scrypt",
];

const spawnFunctions: readonly string[] = [
  "spawn",
  "spawnSync",
  "exec",
  "execSync",
  "execFile",
  "execFileSync",
  "fork",
];

/** Every function of a module but its classes: those are only types of what the functions give. */
function functionsOf(module: object): string[] {
  return Object.keys(module).filter((name) => typeof (module as Holder)[name] === "function" && !/^[A-Z_]/.test(name));
}

function guard(holder: Holder, api: string, name: string, instead: string): void {
  const real = holder[name];
  if (typeof real !== "function") return;
  const guarded: object = new Proxy(real, {
    apply(target, thisArgument, args: unknown[]): unknown {
      if (watch !== undefined) watch.leaked(api, instead);
      return Reflect.apply(target, thisArgument, args) as unknown;
    },
    construct(target, args: unknown[], newTarget): object {
      if (watch !== undefined) watch.leaked(api, instead);
      return Reflect.construct(target, args, newTarget === guarded ? target : newTarget) as object;
    },
  });
  redefine(holder, name, { value: guarded, writable: true });
}

/** `new Date(ms)` is a conversion and stays allowed; `new Date()`, `Date()` and `Date.now()` read the real clock. */
function guardClock(): void {
  const RealDate = Date;
  const instead = "ports.clock.nowMs";
  const GuardedDate: DateConstructor = new Proxy(RealDate, {
    apply(target, thisArgument, args: unknown[]): unknown {
      if (watch !== undefined) watch.leaked("Date", instead);
      return Reflect.apply(target as unknown as () => string, thisArgument, args);
    },
    construct(target, args: unknown[], newTarget): object {
      if (watch !== undefined && args.length === 0) watch.leaked("new Date()", instead);
      return Reflect.construct(target, args, newTarget === GuardedDate ? target : newTarget) as object;
    },
  });
  guard(RealDate as unknown as Holder, "Date.now", "now", instead);
  redefine(RealDate.prototype as unknown as Holder, "constructor", { value: GuardedDate, writable: true });
  redefine(globalThis, "Date", { value: GuardedDate, writable: true });
}

function guardGetter(holder: object, api: string, name: string, instead: string): void {
  const real = Reflect.get(holder, name) as unknown;
  redefine(holder as Holder, name, {
    get() {
      if (watch !== undefined) watch.leaked(api, instead);
      return real;
    },
  });
}

function redefine(holder: Holder, name: string, how: PropertyDescriptor): void {
  Object.defineProperty(holder, name, { configurable: true, enumerable: true, ...how });
}
