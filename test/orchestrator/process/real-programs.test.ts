import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { runProgram, type ProgramCall, type ProgramOutcome } from "../../../src/orchestrator/process/run-program.ts";
import { realPorts } from "../../../src/real/real-ports.ts";

const folder = mkdtempSync(join(realpathSync(tmpdir()), "stormlane-programs-"));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Runs a script; its arguments begin at `process.argv[1]`. */
async function outcomeOf(script: string, call: Partial<ProgramCall> = {}): Promise<ProgramOutcome> {
  const answer = await runProgram(realPorts({ log: () => {} }), {
    name: "tool",
    key: "C1",
    command: process.execPath,
    cwd: folder,
    timeLimitMs: 60_000,
    outputBytesMax: 1_000,
    signal: new AbortController().signal,
    ...call,
    args: ["-e", script, ...(call.args ?? [])],
  });
  if (answer.kind !== "ok") throw new Error(answer.reason);
  return answer.value;
}

/** Holds the run until the program has made the file, whatever the machine is busy with. */
function onceReady(name: string): NonNullable<ProgramCall["onLife"]> {
  return async (_, what) => {
    if (what === "ended") return true;
    while (!existsSync(join(folder, name))) await new Promise((resolve) => setTimeout(resolve, 5));
    return true;
  };
}

test.concurrent(
  "a real program gets its arguments, its input, and of our environment PATH and HOME alone",
  { timeout: 60_000 },
  async () => {
    vi.stubEnv("PLANTED_TOKEN", "secret");
    const script = `
    let input = "";
    process.stdin.on("data", (data) => (input += data)).on("end", () => {
      process.stdout.write(JSON.stringify({ input, argument: process.argv[1], names: Object.keys(process.env).sort() }));
      process.stderr.write("warned");
      process.exitCode = 3;
    })`;
    const { end, stdout, stderr } = await outcomeOf(script, {
      args: ["a $HOME; b"],
      input: "told",
      env: { GIVEN: "1" },
    });
    expect([end, stderr]).toEqual([{ kind: "code", code: 3 }, "warned"]);
    expect(JSON.parse(stdout)).toEqual({ input: "told", argument: "a $HOME; b", names: ["GIVEN", "HOME", "PATH"] });
  },
);

test.concurrent(
  "a real program that does not listen is ended, and what it said is kept",
  { timeout: 60_000 },
  async () => {
    const script = `
    process.on("SIGTERM", () => {});
    process.stdout.write("half");
    require("fs").writeFileSync("deaf", "");
    setTimeout(() => {}, 60_000);`;
    const outcome = await outcomeOf(script, { onLife: onceReady("deaf"), timeLimitMs: 1 });
    expect(outcome).toEqual({ end: { kind: "timedOut" }, stdout: "half", stderr: "", truncated: false });
  },
);

test.concurrent("a real flood is cut off", { timeout: 60_000 }, async () => {
  const script = `const say = () => process.stdout.write("x".repeat(1_000), say); say();`;
  const { end, stdout, truncated } = await outcomeOf(script);
  expect([end, stdout, truncated]).toEqual([{ kind: "signal", signal: "SIGKILL" }, "x".repeat(1_000), true]);
});

test.concurrent("a real helper that stays in the group goes with the program", { timeout: 60_000 }, async () => {
  const script = `
    require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { stdio: "inherit" }).unref();
    process.stdout.write("done");`;
  // The end of the output is the end of the helper: it holds the pipes.
  expect(await outcomeOf(script)).toEqual({
    end: { kind: "code", code: 0 },
    stdout: "done",
    stderr: "",
    truncated: false,
  });
});

test.concurrent("a real helper that left the group holds nobody up", { timeout: 60_000 }, async () => {
  const script = `
    const options = { stdio: "inherit", detached: true };
    const helper = require("child_process").spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], options);
    helper.unref();
    process.stdout.write(String(helper.pid));`;
  const { end, stdout, truncated } = await outcomeOf(script);
  process.kill(Number(stdout), "SIGKILL");
  expect([end, truncated]).toEqual([{ kind: "code", code: 0 }, true]);
});
