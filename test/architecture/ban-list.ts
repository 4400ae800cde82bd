/**
 * What may not stand in code that runs inside a simulation, and what to use in its place. A banned thing is a second
 * door to time, chance, the network, the disk or other programs, or it differs between machines, zones and engines.
 */

/** Folders and files whose behaviour is a pure function of code and case. The hosts around them are exempt. */
export const deterministicFolders: readonly string[] = [
  "src/base",
  "src/kernel",
  "src/ports",
  "src/orchestrator",
  "src/faults",
  "src/history",
  "src/invariants",
  "src/sim",
  "src/explore",
  "src/shrink",
  "src/explain",
  "src/define",
  "fakes",
  "scenarios",
];

/** Name to replacement. */
export type Bans = Readonly<Record<string, string>>;

const now = "ports.clock.nowMs()";
const elapsed = "ports.clock.monotonicMs()";
const sleep = "ports.clock.sleep()";
const chance = "ports.random.int()";
const id = "ports.random.id()";
const http = "ports.http";
const files = "ports.files";
const programs = "ports.subprocess.spawn()";
const owner = "an explicit owner that releases what it holds";
const operation = "an operation of a port: it settles outside the reach of the kernel";
const codeUnits = "a comparison by code units with < and >";
const utc = "its UTC twin";
const digits = "integer arithmetic or a table: engines differ in the last digit";

/** Globals that may not be named at all, unless the file declares the name itself. */
export const bannedGlobals: Bans = {
  Intl: "our own formatting",
  Temporal: now,
  performance: elapsed,
  process: "what the ports tell: the real process is the same for all simulated ones",
  setTimeout: sleep,
  setInterval: sleep,
  setImmediate: sleep,
  queueMicrotask: "await",
  fetch: http,
  WebSocket: http,
  EventSource: http,
  crypto: id,
  MessageChannel: operation,
  BroadcastChannel: operation,
  CompressionStream: operation,
  DecompressionStream: operation,
  WeakRef: owner,
  FinalizationRegistry: owner,
  globalThis: "the name itself: this is a way around the ban list",
  global: "the name itself: this is a way around the ban list",
  eval: "a function",
  Function: "a function",
  require: "a static import",
};

/**
 * Members of globals that are fine otherwise. Of these globals only members may be named: handing the whole object on
 * (`const D = Date`) would hide them.
 */
export const bannedMembers: Bans = {
  "Date.now": now,
  "Math.random": chance,
  "AbortSignal.timeout": `${sleep} and an AbortController`,
  "Atomics.wait": operation,
  "Atomics.waitAsync": operation,
  ...bansOf(
    ["acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "exp", "expm1", "hypot"],
    digits,
    "Math.",
  ),
  ...bansOf(["log", "log10", "log1p", "log2", "pow", "sin", "sinh", "tan", "tanh"], digits, "Math."),
};

/** The whole of a constructor call is judged by its arguments. */
export const bannedDates = {
  withoutArguments: { name: "new Date() without an argument", use: now },
  withParts: { name: "new Date(year, month, …)", use: "Date.UTC(), since parts are read in the zone of the machine" },
  called: { name: "Date() as a function", use: now },
};

/** Methods of any receiver. */
export const bannedMethods: Bans = {
  localeCompare: codeUnits,
  toLocaleLowerCase: "toLowerCase()",
  toLocaleUpperCase: "toUpperCase()",
  toLocaleString: "our own formatting",
  toLocaleDateString: "toISOString()",
  toLocaleTimeString: "toISOString()",
  toDateString: "toISOString()",
  toTimeString: "toISOString()",
  getTimezoneOffset: "UTC",
  ...bansOf(["getFullYear", "getMonth", "getDate", "getDay"], utc),
  ...bansOf(["getHours", "getMinutes", "getSeconds", "getMilliseconds"], utc),
  ...bansOf(["setFullYear", "setMonth", "setDate", "setHours", "setMinutes", "setSeconds", "setMilliseconds"], utc),
};

/** Modules, with all below them: `node:fs` covers `node:fs/promises`. Type imports leave nothing and are allowed. */
export const bannedModules: Bans = {
  "node:fs": files,
  "node:net": http,
  "node:tls": http,
  "node:dgram": http,
  "node:dns": http,
  "node:http": http,
  "node:http2": http,
  "node:https": http,
  "node:child_process": programs,
  "node:cluster": programs,
  "node:worker_threads": "a task of the kernel",
  "node:async_hooks": "ports.fork()",
  "node:timers": sleep,
  "node:perf_hooks": elapsed,
  "node:process": "what the ports tell",
  "node:os": "configuration that is passed in",
  "node:zlib": operation,
  "node:stream": operation,
  "node:module": "a static import",
  "node:vm": "a function",
};

/** Modules of which only some names are pure. */
export const onlyNames: Readonly<Record<string, { readonly names: readonly string[]; readonly use: string }>> = {
  "node:crypto": { names: ["createHash", "hash"], use: `createHash or hash, or ${id}` },
  "node:path": { names: ["posix"], use: 'import { posix } from "node:path": the rest follows the host' },
};

export const dynamicImport = { name: "import()", use: "a static import: loading a module settles outside the kernel" };

/** Functions that list a folder in the order of the disk. Their result must be sorted in the same expression. */
export const unsortedListings: readonly string[] = ["readdir", "readdirSync"];
export const unsortedListing = { name: "an unsorted listing", use: ".toSorted() on its result" };

/** Files that may use what is banned, each with the reason. An exception that nothing needs fails the test. */
export interface Exception {
  readonly path: string;
  /** Names of bans; `*` for all of them. */
  readonly bans: readonly string[];
  readonly reason: string;
}

export const exceptions: readonly Exception[] = [
  {
    path: "src/kernel/guards.ts",
    bans: ["*"],
    reason: "it replaces what is banned with errors that name the site, so it must get hold of all of it",
  },
  {
    path: "src/kernel/settle.ts",
    bans: ["process", "setImmediate"],
    reason: "letting promise reactions run dry between two steps is the one thing that needs the real queues",
  },
  {
    path: "src/kernel/kernel.ts",
    bans: ["process"],
    reason: "an unhandled rejection of a simulated process arrives as an event of the real one",
  },
];

function bansOf(names: readonly string[], use: string, prefix = ""): Bans {
  return Object.fromEntries(names.map((name) => [prefix + name, use]));
}
