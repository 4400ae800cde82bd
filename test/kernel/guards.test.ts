import childProcess, { spawn } from "node:child_process";
import cluster from "node:cluster";
import { randomUUID } from "node:crypto";
import fs, { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import http from "node:http";
import http2 from "node:http2";
import net from "node:net";
import nodeTimers from "node:timers";
import { scheduler, setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { beforeAll, expect, test } from "vitest";
import { installGuards } from "../../src/kernel/guards.ts";
import { Toy } from "./toy.ts";

beforeAll(() => installGuards());

const leaks: readonly [api: string, leak: () => unknown][] = [
  ["Date", () => (Date as unknown as () => string)()],
  ["new Date()", () => new Date()],
  ["Date.now", () => Date.now()],
  ["Math.random", () => Math.random()],
  ["performance.now", () => performance.now()],
  ["process.hrtime", () => process.hrtime()],
  ["process.hrtime.bigint", () => process.hrtime.bigint()],
  ["setTimeout", () => setTimeout(() => {}, 1)],
  ["setInterval", () => setInterval(() => {}, 1)],
  ["setImmediate", () => setImmediate(() => {})],
  ["timers.setTimeout", () => nodeTimers.setTimeout(() => {}, 1)],
  ["timers/promises.setTimeout", () => delay(1)],
  ["timers/promises scheduler.wait", () => scheduler.wait(1)],
  ["AbortSignal.timeout", () => AbortSignal.timeout(1)],
  ["crypto.randomUUID", () => randomUUID()],
  ["crypto.randomUUID", () => globalThis.crypto.randomUUID()],
  ["crypto.getRandomValues", () => globalThis.crypto.getRandomValues(new Uint8Array(1))],
  ["crypto.subtle", () => globalThis.crypto.subtle],
  ["fetch", () => fetch("http://127.0.0.1:1/")],
  ["http.request", () => http.request("http://127.0.0.1:1/")],
  ["net.connect", () => net.connect(1)],
  ["fs.readFileSync", () => readFileSync("/nowhere")],
  ["fs.readFileSync", () => fs.readFileSync("/nowhere")],
  ["fs/promises.readFile", () => readFile("/nowhere")],
  ["child_process.spawn", () => spawn("true")],
  ["child_process.execSync", () => childProcess.execSync("true")],
  ["process.kill", () => process.kill(process.pid, 0)],
  ["cluster.fork", () => cluster.fork()],
  ["http2.connect", () => http2.connect("http://127.0.0.1:1/")],
  ["worker_threads.Worker", () => new Worker("", { eval: true })],
  ["MessageChannel", () => new MessageChannel()],
  ["WeakRef", () => new WeakRef({})],
];

test.each(leaks)("%s inside a run ends it as a leak that names the site and the stack", async (api, leak) => {
  const toy = new Toy();
  toy.process("careless", async (ports) => {
    await ports.tick("before the leak");
    leak();
  });
  const end = await toy.run();
  expect(end).toMatchObject({ kind: "leak", api, site: "careless@0/main/tick(before the leak)#0" });
  expect(end.kind === "leak" && end.stack).toContain("guards.test.ts");
});

test("a leak that the subject catches ends the run all the same", async () => {
  const toy = new Toy();
  toy.process("sly", async (ports) => {
    await ports.tick("a");
    try {
      Math.random();
    } catch {
      toy.log.push("caught");
    }
    await ports.tick("b");
  });
  expect((await toy.run()).kind).toBe("leak");
});

test("outside a run, and for conversions, everything works as before", async () => {
  const toy = new Toy();
  toy.process("fine", async (ports) => {
    await ports.tick("a");
    expect(new Date(5).toISOString()).toBe("1970-01-01T00:00:00.005Z");
    expect(Date.UTC(2026, 0)).toBe(1_767_225_600_000);
  });
  expect(await toy.run()).toEqual({ kind: "quiescent" });
  expect(Date.now()).toBeGreaterThan(1_700_000_000_000);
  expect(new Date()).toBeInstanceOf(Date);
  expect(readFileSync(import.meta.filename, "utf8")).toContain("outside a run");
  await delay(0);
});
