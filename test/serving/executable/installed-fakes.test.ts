import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { AgentScript } from "../../../fakes/cli/agent-script.ts";
import type { ProgramFault } from "../../../fakes/cli/program-fault.ts";
import type { OutputChunk } from "../../../src/ports/subprocess.ts";
import { drain, InstalledFakes, type InstallOptions } from "./installed.ts";

let fakes: InstalledFakes;
const install = (options: InstallOptions = {}): InstalledFakes => (fakes = new InstalledFakes(options));
afterEach(() => fakes.dispose());

const says: AgentScript = ({ prompt, attempt }) => ({ message: `${attempt}: ${prompt}`, durationMs: 1 });
const ask = (prompt: string): readonly string[] => ["exec", "--skip-git-repo-check", prompt];
const textOf = (chunk: OutputChunk | null): string =>
  chunk === null ? "the end" : Buffer.from(chunk.bytes).toString();
const always = (fault: ProgramFault): InstallOptions => ({
  codex: says,
  faults: [{ program: "codex", fault, times: "always" }],
});

describe("faults that last", { timeout: 60_000 }, () => {
  test("a hang says nothing and ends by SIGTERM", async () => {
    const child = await install(always({ kind: "hang", when: "start", ignoresSignals: false })).start(
      "codex",
      ask("x"),
    );
    child.kill("SIGTERM");
    expect(await child.exited).toEqual({ kind: "signal", signal: "SIGTERM" });
    expect(await child.read()).toBeNull();
  });

  test("a hang in the middle of a line leaves the part, and only SIGKILL ends it when it is deaf", async () => {
    const fault: ProgramFault = { kind: "hangAfterBytes", sizeBytes: 4, ignoresSignals: true };
    const child = await install(always(fault)).start("codex", ask("long"));
    child.closeInput();
    let seen = await child.read();
    while (seen?.stream === "stderr") seen = await child.read();
    expect(textOf(seen)).toBe("1: l");
    child.kill("SIGTERM");
    child.kill("SIGINT");
    child.killGroup("SIGHUP");
    child.kill("SIGKILL");
    expect(await child.exited).toEqual({ kind: "signal", signal: "SIGKILL" });
  });

  test("a child that holds the pipes keeps them open after the exit, deaf to SIGTERM", async () => {
    const fault: ProgramFault = { kind: "holdsPipe", durationMs: 3_600_000, ignoresSignals: true };
    const child = await install({ ...always(fault), speed: 1 }).start("codex", ask("x"));
    child.closeInput();
    expect(await child.exited).toEqual({ kind: "code", code: 0 });
    let seen = "";
    while (!seen.endsWith("1: x\n")) seen += textOf(await child.read());
    const end = child.read();
    child.killGroup("SIGTERM");
    const first = await Promise.race([end, fakes.ports.clock.sleep(50).then(() => "open")]);
    expect(first).toBe("open");
    child.killGroup("SIGKILL");
    expect(await end).toBeNull();
  });

  test("a late writer lets go of the pipes and lives on after the exit, deaf to SIGTERM", async () => {
    const fault: ProgramFault = { kind: "lateWriter", path: "late.txt", content: "late\n", delayMs: 3_600_000 };
    const child = await install({ ...always(fault), speed: 1 }).start("codex", ask("x"));
    expect((await drain(child)).status).toEqual({ kind: "code", code: 0 });
    const { subprocess } = fakes.ports;
    expect(await subprocess.killGroup(child.pid, "SIGTERM")).toEqual({ kind: "ok", value: undefined });
    expect(await subprocess.killGroup(child.pid, "SIGKILL")).toEqual({ kind: "ok", value: undefined });
    expect(existsSync(join(fakes.root, "late.txt"))).toBe(false);
  });

  test("a late writer writes when its time has come", async () => {
    install(always({ kind: "lateWriter", path: "deep/late.txt", content: "late\n", delayMs: 3_600_000 }));
    await fakes.run("codex", ask("x"));
    const path = join(fakes.root, "deep/late.txt");
    while (!existsSync(path) || readFileSync(path, "utf8") === "") await fakes.ports.clock.sleep(5);
    expect(readFileSync(path, "utf8")).toBe("late\n");
  });

  test("a locked repository stays behind", async () => {
    install({ faults: [{ program: "git", match: { nth: 2 }, fault: { kind: "leaveGitLock" } }] });
    await fakes.run("git", ["init", "-q"]);
    await fakes.run("git", ["status"]);
    expect(existsSync(join(fakes.root, ".git/index.lock"))).toBe(true);
    writeFileSync(join(fakes.root, "a"), "");
    const { status, stderr } = await fakes.run("git", ["add", "a"]);
    expect(status).toEqual({ kind: "code", code: 128 });
    expect(stderr).toContain("index.lock': File exists");
  });

  test("output that nobody reads any more ends a program as SIGPIPE does", async () => {
    install(always({ kind: "longLine", sizeBytes: 1_000_000 }));
    const command = `${fakes.bin}/codex exec --skip-git-repo-check x 2>/dev/null </dev/null | head -c 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout } = spawnSync("/bin/bash", ["-c", command], { cwd: fakes.root, encoding: "utf8" });
    expect(stdout.slice(1)).toBe("141\n");
  });
});

describe("which start a fault strikes", { timeout: 60_000 }, () => {
  const exit = (exitCode: number): ProgramFault => ({ kind: "exitBeforeOutput", exitCode });
  const codes = async (runs: number, env: Readonly<Record<string, string>> = {}): Promise<readonly number[]> => {
    const found: number[] = [];
    for (let run = 0; run < runs; run++) {
      const { status } = await fakes.run("codex", ask("x"), env);
      found.push(status.kind === "code" ? status.code : -1);
    }
    return found;
  };

  test("the nth, as often as it may, while the first that matches wins", async () => {
    install({
      codex: says,
      faults: [
        { program: "codex", match: { nth: 2 }, fault: exit(5) },
        { program: "git", fault: exit(9) },
        { program: "codex", fault: exit(6), times: 2 },
      ],
    });
    expect(await codes(4)).toEqual([6, 5, 6, 0]);
  });

  test("those that carry its token", async () => {
    install({ codex: says, faults: [{ program: "codex", match: { token: "mine" }, fault: exit(5), times: "always" }] });
    expect(await codes(1)).toEqual([0]);
    expect(await codes(1, { STORMLANE_TOKEN: "mine" })).toEqual([5]);
    const { status } = await fakes.run("codex", ask("token: mine\nx"));
    expect(status).toEqual({ kind: "code", code: 5 });
  });

  test("one each, of many that start at once", async () => {
    install({ codex: says, faults: [{ program: "codex", fault: exit(5), times: 3 }] });
    const runs = await Promise.all(Array.from({ length: 8 }, () => fakes.run("codex", ask("x"))));
    const struck = runs.filter(({ status }) => status.kind === "code" && status.code === 5);
    expect(struck.length).toBe(3);
  });
});

describe("what processes share", { timeout: 60_000 }, () => {
  test("attempts are counted for each task, and what the prompt says comes first", async () => {
    install({ codex: says });
    const message = async (prompt: string): Promise<string> => (await fakes.run("codex", ask(prompt))).stdout;
    expect(await message("a")).toBe("1: a\n");
    expect(await message("a")).toBe("2: a\n");
    expect(await message("b")).toBe("1: b\n");
    expect(await message("attempt: 7\na")).toBe("7: attempt: 7\na\n");
    expect(await message("key: K\nrole: coder\nfirst words")).toMatch(/^1: /);
    expect(await message("key: K\nrole: coder\nother words")).toMatch(/^2: /);
  });

  test("the journal holds every program's start and end, whole lines of many processes", async () => {
    install();
    await Promise.all(Array.from({ length: 6 }, () => fakes.run("pytest", ["--version"])));
    const journal = fakes.journal();
    if (journal.kind === "bad") throw new Error(journal.why);
    const changes = journal.events.flatMap((event) => (event.kind === "change" ? [event] : []));
    const ofType = (type: string): typeof changes => changes.filter(({ change }) => change.type === type);
    expect(ofType("program.started").length).toBe(6);
    expect(ofType("program.ended").length).toBe(6);
    const sites = new Set(ofType("program.started").map(({ op }) => op!.site));
    expect([...sites].toSorted()).toEqual([0, 1, 2, 3, 4, 5].map((n) => `program:pytest@0/run/run()#${n}`));
  });

  test("a child that was left behind is the same run: struck by the same fault, and ending what was started", async () => {
    const fault: ProgramFault = { kind: "lateWriter", path: "late.txt", content: "late", delayMs: 1 };
    install({ codex: says, faults: [{ program: "codex", fault }] });
    expect((await fakes.run("codex", ask("x"))).stdout).toBe("1: x\n");
    for (;;) {
      const journal = fakes.journal();
      if (journal.kind === "bad") throw new Error(journal.why);
      const changes = journal.events.flatMap((event) => (event.kind === "change" ? [event] : []));
      const sites = (type: string): readonly string[] =>
        changes.filter(({ change }) => change.type === type).map(({ op }) => op!.site);
      expect(sites("program.started").length).toBe(1);
      if (sites("program.ended").length > 0) {
        expect(sites("program.ended")).toEqual(sites("program.started"));
        break;
      }
      await fakes.ports.clock.sleep(5);
    }
    expect(readFileSync(join(fakes.root, "late.txt"), "utf8")).toBe("late");
    expect((await fakes.run("codex", ask("x"))).stdout).toBe("2: x\n");
  });

  test("faults and what is not modelled stand in the journal", async () => {
    install({ faults: [{ program: "pytest", fault: { kind: "exitBeforeOutput", exitCode: 2 } }] });
    await fakes.run("pytest", []);
    const { status, stderr } = await fakes.run("git", ["bisect"]);
    expect(status).toEqual({ kind: "code", code: 70 });
    expect(stderr).toBe('stormlane: git: git with ["bisect"] is not modelled; extend fakes/cli/git/git.ts\n');
    const journal = fakes.journal();
    if (journal.kind === "bad") throw new Error(journal.why);
    expect(journal.events).toContainEqual(
      expect.objectContaining({
        kind: "fault",
        fault: "program-misbehaves:exitBeforeOutput",
        params: { exitCode: 2 },
      }),
    );
    expect(journal.events).toContainEqual(expect.objectContaining({ kind: "note", name: "unmodelled" }));
  });
});

describe("what is the user's own", { timeout: 60_000 }, () => {
  test("a real repository is refused, and nothing in it changes", async () => {
    install();
    const gitFolder = join(fakes.root, ".git");
    mkdirSync(join(gitFolder, "refs"), { recursive: true });
    writeFileSync(join(gitFolder, "HEAD"), "ref: refs/heads/main\n");
    writeFileSync(join(gitFolder, "config"), "[core]\n\trepositoryformatversion = 0\n");
    writeFileSync(join(fakes.root, "a"), "");
    for (const args of [["status"], ["add", "a"], ["commit", "-m", "x"], ["reset", "--hard"], ["init"]]) {
      const { status } = await fakes.run("git", args);
      expect(status).toEqual({ kind: "code", code: 128 });
    }
    expect(existsSync(join(gitFolder, "index"))).toBe(false);
    expect(readFileSync(join(gitFolder, "config"), "utf8")).toContain("[core]");
  });

  test("programs get a home beside them in place of the user's, and keep one that is given", async () => {
    install();
    const global = ["config", "--global", "user.name", "A"];
    await fakes.run("git", global, { HOME: userInfo().homedir });
    expect(existsSync(join(fakes.bin, ".stormlane/home/.gitconfig"))).toBe(true);
    await fakes.run("git", global, { HOME: fakes.root });
    expect(existsSync(join(fakes.root, ".gitconfig"))).toBe(true);
  });

  test("executables start without PATH", async () => {
    install();
    const { stdout } = await fakes.run("git", ["--version"], { PATH: "" });
    expect(stdout).toBe("git version 2.39.5\n");
  });
});
