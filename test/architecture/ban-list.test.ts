import { describe, expect, test } from "vitest";
import { deterministicFolders, exceptions } from "./ban-list.ts";
import { checkBans, type BanViolation } from "./check-bans.ts";
import { describeViolations, readSourceFiles } from "./source-file.ts";

const root = new URL("../../", import.meta.url);
const files = readSourceFiles(root, deterministicFolders);
const found = files.flatMap(checkBans);

test("code that runs inside a simulation uses nothing that is banned", () => {
  expect(files.length).toBeGreaterThan(10);
  expect(describeViolations(found.filter((violation) => !isExcepted(violation)))).toBe("");
});

test("every exception to the ban list is still needed, and says why", () => {
  const unneeded = exceptions.flatMap(({ path, bans, reason }) =>
    bans
      .filter((ban) => reason === "" || !found.some((violation) => violation.path === path && matches(ban, violation)))
      .map((ban) => `${path}: ${ban}`),
  );
  expect(unneeded).toEqual([]);
});

describe("the check finds", () => {
  test.each([
    ["Date.now()", "Date.now is banned, use ports.clock.nowMs()"],
    [`Date["now"]()`, "Date.now is banned, use ports.clock.nowMs()"],
    ["(Date as any).now()", "Date.now is banned, use ports.clock.nowMs()"],
    ["Date?.now()", "Date.now is banned, use ports.clock.nowMs()"],
    ["const D = Date;", "Date as a value is banned, use a member of Date, so that the ban list can see it"],
    ["const { random } = Math;", "Math as a value is banned, use a member of Math, so that the ban list can see it"],
    ["Math[name]()", "Math as a value is banned, use a member of Math, so that the ban list can see it"],
    ["new Date()", "new Date() without an argument is banned, use ports.clock.nowMs()"],
    ["new Date", "new Date() without an argument is banned, use ports.clock.nowMs()"],
    ["Date()", "Date() as a function is banned, use ports.clock.nowMs()"],
    ["Math.random()", "Math.random is banned, use ports.random.int()"],
    ["performance.now()", "performance is banned, use ports.clock.monotonicMs()"],
    ["setTimeout(f, 1)", "setTimeout is banned, use ports.clock.sleep()"],
    ["const wait = setTimeout;", "setTimeout is banned, use ports.clock.sleep()"],
    ["const timers = { setTimeout };", "setTimeout is banned, use ports.clock.sleep()"],
    ["setInterval(f, 1)", "setInterval is banned, use ports.clock.sleep()"],
    ["setImmediate(f)", "setImmediate is banned, use ports.clock.sleep()"],
    ["queueMicrotask(f)", "queueMicrotask is banned, use await"],
    ["fetch(url)", "fetch is banned, use ports.http"],
    ["fetch<Type>(url)", "fetch is banned, use ports.http"],
    ["crypto.randomUUID()", "crypto is banned, use ports.random.id()"],
    ["crypto.subtle.digest(a, b)", "crypto is banned, use ports.random.id()"],
    ["Intl.NumberFormat()", "Intl is banned, use our own formatting"],
    ["new WeakRef(a)", "WeakRef is banned, use an explicit owner that releases what it holds"],
    [
      "new FinalizationRegistry(f)",
      "FinalizationRegistry is banned, use an explicit owner that releases what it holds",
    ],
    [`import { setTimeout } from "node:timers/promises"`, "node:timers/promises is banned, use ports.clock.sleep()"],
    [`import fs from "node:fs"`, "node:fs is banned, use ports.files"],
    [`export { readFile } from "node:fs/promises"`, "node:fs/promises is banned, use ports.files"],
    [`import net from "node:net"`, "node:net is banned, use ports.http"],
    [`import http from "node:http"`, "node:http is banned, use ports.http"],
    [`import { spawn } from "node:child_process"`, "node:child_process is banned, use ports.subprocess.spawn()"],
    [
      `import { randomBytes } from "node:crypto"`,
      "node:crypto randomBytes is banned, use createHash or hash, or ports.random.id()",
    ],
    [`import * as c from "node:crypto"`, "node:crypto * is banned, use createHash or hash, or ports.random.id()"],
    [`import c from "node:crypto"`, "node:crypto * is banned, use createHash or hash, or ports.random.id()"],
    [
      `import { join } from "node:path"`,
      'node:path join is banned, use import { posix } from "node:path": the rest follows the host',
    ],
    ["a.localeCompare(b)", "localeCompare is banned, use a comparison by code units with < and >"],
    ["a?.localeCompare(b)", "localeCompare is banned, use a comparison by code units with < and >"],
    ["const { localeCompare } = a;", "localeCompare is banned, use a comparison by code units with < and >"],
    ["a.toLocaleString()", "toLocaleString is banned, use our own formatting"],
    ["a.toLocaleLowerCase()", "toLocaleLowerCase is banned, use toLowerCase()"],
    ["date.getHours()", "getHours is banned, use its UTC twin"],
    ["Math.log(a)", "Math.log is banned, use integer arithmetic or a table: engines differ in the last digit"],
    [`import("./a.ts")`, "import() is banned, use a static import: loading a module settles outside the kernel"],
    [`require("./a.ts")`, "require is banned, use a static import"],
    ["const names = disk.readdirSync(path);", "an unsorted listing is banned, use .toSorted() on its result"],
    [
      "for (const name of disk.readdirSync(path)) f(name);",
      "an unsorted listing is banned, use .toSorted() on its result",
    ],
    ["disk.readdirSync(path).map(f)", "an unsorted listing is banned, use .toSorted() on its result"],
  ])("%s", (text, message) => {
    expect(messagesOf(text)).toEqual([message]);
  });

  test.each([
    ["process.hrtime.bigint()", "process"],
    ["process.nextTick(f)", "process"],
    ["globalThis.setTimeout(f)", "globalThis"],
    ["global.fetch(url)", "global"],
    ["AbortSignal.timeout(1)", "AbortSignal.timeout"],
    ["new Date(2026, 1)", "new Date(year, month, …)"],
    ["new Date(...parts)", "new Date(year, month, …)"],
    ["class Mine extends Date {}", "Date as a value"],
    ["eval(text)", "eval"],
    ["new Function(text)", "Function"],
  ])("%s", (text, ban) => {
    expect(checkBans({ path: "a.ts", text }).map((violation) => violation.ban)).toEqual([ban]);
  });

  test("a global in one function, although another function has a name of its own like it", () => {
    const text = "function f(fetch: () => void) { fetch(); }\nfunction g() { fetch(); }";
    expect(checkBans({ path: "a.ts", text }).map(({ line }) => line)).toEqual([2]);
  });
});

describe("the check accepts", () => {
  test.each([
    [
      "a date of a given number",
      "new Date(ms).toISOString(); new Date(seconds * 1000).getUTCHours(); Date.UTC(2026, 0)",
    ],
    ["what a type says", "let at: Date; type Send = typeof fetch; let a = b as unknown as Intl.Collator;"],
    ["a type of a banned module", `import type { Stats } from "node:fs";`],
    [
      "a member that has the name of a global",
      "port.fetch(); a.performance; const b = { setTimeout: 1 }; class C { fetch() {} }",
    ],
    ["a parameter that has the name of a global", "function f(process: { main(): void }) { process.main(); }"],
    [
      "a name that is destructured, caught or imported",
      "const { fetch } = a; fetch(); try {} catch (process) { process; }",
    ],
    ["an import that has the name of a global", `import { performance } from "./a.ts"; performance();`],
    ["a test of a value's class", "a instanceof Date; signal instanceof AbortSignal"],
    ["what is exact on every engine", "Math.max(1, 2); Math.floor(a); Math.imul(a, b)"],
    [
      "a listing that is sorted at once",
      "disk.readdirSync(path).filter(f).toSorted(); (await fs.readdir(path)).sort()",
    ],
    ["digests and paths with a slash", `import { createHash } from "node:crypto"; import { posix } from "node:path";`],
    ["what stands in text and comments", "// Date.now()\nconst a = 'Math.random()';"],
  ])("%s", (_what, text) => {
    expect(messagesOf(text)).toEqual([]);
  });
});

function messagesOf(text: string): string[] {
  return checkBans({ path: "a.ts", text }).map(({ message }) => message);
}

function isExcepted(violation: BanViolation): boolean {
  return exceptions.some(({ path, bans }) => path === violation.path && bans.some((ban) => matches(ban, violation)));
}

function matches(ban: string, violation: BanViolation): boolean {
  return ban === "*" || ban === violation.ban;
}
