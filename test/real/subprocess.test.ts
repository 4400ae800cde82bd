import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import type { ChildProcess, SpawnRequest } from "../../src/ports/subprocess.ts";
import { RealSubprocess } from "../../src/real/subprocess.ts";

const subprocess = new RealSubprocess();
const started: ChildProcess[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const child of started.splice(0)) child.killGroup("SIGKILL");
});

async function start(fixture: string): Promise<ChildProcess> {
  const path = fileURLToPath(new URL(`../fixtures/programs/${fixture}`, import.meta.url));
  return spawn({ command: process.execPath, args: [path], cwd: tmpdir() });
}

async function spawn(request: SpawnRequest): Promise<ChildProcess> {
  const result = await subprocess.spawn(request);
  if (result.kind !== "ok") throw new Error(result.error.code);
  started.push(result.value);
  return result.value;
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = "";
  for (let chunk = await child.read(); chunk !== null; chunk = await child.read()) {
    text += new TextDecoder().decode(chunk.bytes);
  }
  return text;
}

test("nothing of this process's environment is inherited but PATH and HOME", async () => {
  vi.stubEnv("PLANTED_SECRET", "secret");
  vi.stubEnv("HOME", "/home/planted");
  const environment = JSON.parse(await outputOf(await start("print-environment.js")));
  expect(environment).toMatchObject({ HOME: "/home/planted", PATH: process.env["PATH"] });
  expect(environment).not.toHaveProperty("PLANTED_SECRET");
});

test("a name is looked up on the PATH it is given", async () => {
  const child = await spawn({ command: "true", args: [], cwd: tmpdir() });
  expect(await child.exited).toEqual({ kind: "code", code: 0 });
  const lost = await subprocess.spawn({ command: "true", args: [], cwd: tmpdir(), env: { PATH: "/nowhere" } });
  expect(lost).toMatchObject({ kind: "fail", error: { code: "ENOENT" } });
});

test("a file that may not be executed is EACCES, in our own words", async () => {
  const command = fileURLToPath(new URL("../fixtures/programs/forever.js", import.meta.url));
  expect(await subprocess.spawn({ command, args: [], cwd: tmpdir() })).toEqual({
    kind: "fail",
    error: { code: "EACCES", message: `${command} could not be started: it may not be executed` },
  });
});

test("a crash by a signal the port has no name for is told as a shell tells it", async () => {
  const child = await start("forever.js");
  await child.read();
  process.kill(child.pid, "SIGSEGV");
  expect(await child.exited).toEqual({ kind: "code", code: 139 });
});

test("a program that closes its input refuses what is written to it", async () => {
  const child = await start("close-input.js");
  // It says so once it has.
  expect(new TextDecoder().decode((await child.read())!.bytes)).toBe("closed");
  const first = await child.write("x".repeat(1_000_000));
  expect(first).toMatchObject({ kind: "fail", error: { code: "EPIPE" } });
  expect(await child.write("more")).toMatchObject({ kind: "fail", error: { code: "EPIPE" } });
});
