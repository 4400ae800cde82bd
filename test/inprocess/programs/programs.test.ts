import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { git } from "../../../src/fakes.ts";
import { UnmodifiedSystem } from "../../../src/inprocess/in-process.ts";
import { shellCommand } from "../../../src/inprocess/programs/shell-words.ts";
import { crashes, linesOf, printed, runFiles, runScenario, scenarioOf } from "../project.ts";

const programs = [git()];

test("programs of the host stand behind every way to start one", async () => {
  const code = `
    import { exec, execFile, execFileSync, execSync, spawn, spawnSync } from "node:child_process";
    import { promisify } from "node:util";
    console.log(execSync("git init -b main", { encoding: "utf8" }).trim());
    console.log(JSON.stringify(await promisify(execFile)("git", ["status", "--short"])));
    console.log((await promisify(exec)("git rev-parse --is-inside-work-tree")).stdout.trim());
    try { execFileSync("git", ["log"]); } catch (error: any) { console.log(error.status, String(error.stderr).length > 10); }
    console.log((spawnSync("nothere").error as any).code, spawnSync("git", ["--version"]).status);
    execFile("git", ["log"], (error: any, stdout, stderr) => console.log(error.code, error.cmd, stdout === "", stderr.length > 10));
    spawn("nothere").on("error", (error: any) => console.log(error.code, error.syscall));
    const child = spawn("git", ["log"]);
    child.stderr.resume();
    child.on("exit", (code) => console.log("exit", code)).on("close", (code, signal) => console.log("close", code, signal));`;
  expect((await linesOf({ "main.ts": code }, { programs })).toSorted()).toEqual(
    [
      "Initialized empty Git repository in /app/.git/",
      `{"stdout":"","stderr":""}`,
      "true",
      "128 true",
      "ENOENT 0",
      "ENOENT spawn nothere",
      "exit 128",
      "close 128 null",
      "128 git log true true",
    ].toSorted(),
  );
});

test("execa runs inside", async () => {
  const entry = fileURLToPath(new URL("uses-execa.ts", import.meta.url));
  const scenario = scenarioOf(
    { "main.ts": "" },
    { programs, system: { program: { main: new UnmodifiedSystem(entry).main(entry), daemon: true } } },
  );
  const outcome = await runScenario(scenario);
  expect(crashes(outcome)).toEqual([]);
  expect(printed(outcome)).toEqual([
    "Initialized empty Git repository in /app/.git/ 0",
    "128 true",
    "ENOENT",
    "line true",
  ]);
});

test("a program that cannot be started is an error of its caller's, by its site", async () => {
  const code = `import { spawn } from "node:child_process"; spawn("git", ["--version"]).on("error", (error: any) => console.log(error.code)).on("close", (code) => console.log(code));`;
  const fault = { site: "program@0/main/spawn.git(--version /app)#0", kind: "spawn-fails", code: "EAGAIN" } as const;
  const outcome = await runScenario(scenarioOf({ "main.ts": code }, { programs }), { faults: [fault] });
  expect(printed(outcome)).toEqual(["EAGAIN", "-2"]);
});

test("a line that needs a shell ends the run, and says where", async () => {
  const { verdict } = await runFiles(
    { "main.ts": `import { exec } from "node:child_process";\nexec("git log | head");` },
    { programs },
  );
  expect(verdict.kind === "broken" && verdict.error.message).toMatch(
    /what a shell makes of "git log \| head" \(called at main\.ts:2:/,
  );
});

test.each<[line: string, words: readonly string[] | undefined]>([
  ["git commit -m 'two words'", ["git", "commit", "-m", "two words"]],
  [`git  commit -m "a \\"b\\" c"`, ["git", "commit", "-m", `a "b" c`]],
  ["a\\ b c", ["a b", "c"]],
  ["a 'b'\"c\"d", ["a", "bcd"]],
  ["a | b", undefined],
  ["a && b", undefined],
  ["a > b", undefined],
  ["a $B", undefined],
  [`a "$B"`, undefined],
  ["a *.ts", undefined],
  ["A=1 b", undefined],
  ["a 'b", undefined],
  ["", undefined],
])("takes the line %j apart", (line, words) => {
  const command = shellCommand(line);
  expect(command === undefined ? undefined : [command.command, ...command.args]).toEqual(words);
});

test("a working folder that is relative is one below that of the process", async () => {
  const code = `
    import { execFileSync } from "node:child_process";
    import { mkdirSync } from "node:fs";
    mkdirSync("repo");
    console.log(execFileSync("git", ["init"], { cwd: "repo", encoding: "utf8" }).trim());`;
  expect(await linesOf({ "main.ts": code }, { programs })).toEqual([
    "Initialized empty Git repository in /app/repo/.git/",
  ]);
});
