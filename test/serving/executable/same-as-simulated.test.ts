import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { AgentScript } from "../../../fakes/cli/agent-script.ts";
import { codex } from "../../../fakes/cli/codex/codex.ts";
import { git } from "../../../fakes/cli/git/git.ts";
import { misbehave } from "../../../fakes/cli/misbehave.ts";
import type { ProgramFault } from "../../../fakes/cli/program-fault.ts";
import { pytest } from "../../../fakes/cli/pytest/pytest.ts";
import { vitest } from "../../../fakes/cli/vitest/vitest.ts";
import type { Program } from "../../../src/ports/program.ts";
import { valueOf } from "../../laws/port-laws/expect-result.ts";
import { runWorld } from "../../sim/world-run.ts";
import { drain, InstalledFakes, type Ended } from "./installed.ts";

/** Its text goes into a module: nothing around it is known there. */
const script: AgentScript = ({ prompt }) =>
  prompt.includes("nothing")
    ? undefined
    : { message: `done: ${prompt}\nlast line`, edits: [{ path: "made/by-codex.txt", content: "x\n" }], durationMs: 20 };

interface Run {
  readonly command: string;
  readonly args: readonly string[];
  readonly input?: string;
}

const identity = ["-c", "user.name=A", "-c", "user.email=a@b.c"];
const inGit = (...args: readonly string[]): Run => ({ command: "git", args });
const exec = (...args: readonly string[]): Run => ({ command: "codex", args: ["exec", ...args] });

let fakes: InstalledFakes | undefined;
afterEach(() => fakes?.dispose());

/** What a sequence of runs says on this machine, and on a simulated host with the same folder. */
async function both(
  runs: readonly Run[],
  { files = {}, fault }: { readonly files?: Readonly<Record<string, string>>; readonly fault?: ProgramFault } = {},
): Promise<{ readonly real: readonly Ended[]; readonly simulated: readonly Ended[] }> {
  const program = runs[0]!.command;
  fakes = new InstalledFakes({
    codex: script,
    faults: fault === undefined ? [] : [{ program, fault, times: "always" }],
  });
  const { root } = fakes;
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const real: Ended[] = [];
  for (const { command, args, input } of runs) real.push(await fakes.run(command, args, {}, input));
  return { real, simulated: await simulate(runs, root, files, fault) };
}

async function simulate(
  runs: readonly Run[],
  root: string,
  files: Readonly<Record<string, string>>,
  fault: ProgramFault | undefined,
): Promise<readonly Ended[]> {
  const wrap = (program: Program): Program => (fault === undefined ? program : misbehave(program, fault));
  const ended: Ended[] = [];
  const image = {
    folders: [root],
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [join(root, path), text])),
  };
  await runWorld((world) => {
    world.host("server", { image, programs: [codex(script), git(), pytest(), vitest()].map(wrap) });
    world.process("subject", async (ports) => {
      for (const [index, { command, args, input }] of runs.entries()) {
        const child = valueOf(await ports.subprocess.spawn({ command, args, cwd: root, key: String(index) }));
        if (input !== undefined) await child.write(input);
        ended.push(await drain(child));
      }
    });
  });
  return ended;
}

describe("an executable says what the simulated program says", { timeout: 60_000 }, () => {
  test.each<readonly [string, readonly Run[], Readonly<Record<string, string>>]>([
    [
      "git over a working day",
      [
        inGit("init", "-q", "-b", "main"),
        inGit("status", "--porcelain"),
        inGit("add", "-A"),
        inGit(...identity, "commit", "-q", "-m", "first"),
        inGit("log", "--format=%an %s"),
        inGit("checkout", "-q", "-b", "work"),
        inGit("rm", "-q", "b/c.txt"),
        inGit("status", "--porcelain"),
        inGit("diff", "--cached", "--name-only"),
        inGit(...identity, "commit", "-q", "-m", "second"),
        inGit("show", "HEAD:a.txt"),
        inGit("ls-files"),
      ],
      { "a.txt": "one\n", "b/c.txt": "two\n" },
    ],
    ["git outside of a repository", [inGit("status")], {}],
    [
      "pytest that passes",
      [{ command: "pytest", args: ["-q"] }],
      { "tests/test_a.py": "def test_a():\n    # expect: a.py contains x\n    pass\n", "a.py": "x = 1\n" },
    ],
    [
      "pytest that fails",
      [{ command: "pytest", args: ["-q"] }],
      { "tests/test_a.py": "def test_a():\n    # expect: a.py contains x\n    pass\n" },
    ],
    ["pytest without tests", [{ command: "pytest", args: ["-q"] }], {}],
    ["vitest without tests", [{ command: "vitest", args: ["run"] }], {}],
    ["codex that is asked", [exec("--skip-git-repo-check", "write it")], {}],
    ["codex that is asked on standard input", [{ ...exec("--skip-git-repo-check", "-"), input: "read é this" }], {}],
    ["codex that does not understand", [exec("--no-such-option")], {}],
  ])("%s", async (_what, runs, files) => {
    const { real, simulated } = await both(runs, { files });
    expect(real).toEqual(simulated);
    expect(real.length).toBe(runs.length);
  });

  test.each<readonly [string, ProgramFault]>([
    ["exits before its first byte", { kind: "exitBeforeOutput", exitCode: 3 }],
    ["exits in the middle of a line", { kind: "exitAfterBytes", sizeBytes: 8, exitCode: 1 }],
    ["cuts its result", { kind: "cutResult" }],
    ["is killed before it starts", { kind: "dieBySignal", signal: "SIGKILL", when: "start" }],
    ["is killed with the work done", { kind: "dieBySignal", signal: "SIGKILL", when: "result" }],
    ["dies of SIGTERM by itself", { kind: "dieBySignal", signal: "SIGTERM", when: "result" }],
    ["prints bytes that are no text", { kind: "nonUtf8" }],
    ["exits 0 without a result", { kind: "exitZeroWithoutResult" }],
    ["exits 0 with an error", { kind: "exitZeroWithError", message: "API Error" }],
    ["exits 1 with a good result", { kind: "exitNonZeroAfterResult", exitCode: 1 }],
    ["never reads its input", { kind: "neverReadInput" }],
  ])("codex that %s", async (_what, fault) => {
    const { real, simulated } = await both([exec("--skip-git-repo-check", "write it")], { fault });
    expect(real).toEqual(simulated);
  });

  test.each<readonly [string, ProgramFault, "stdout" | "stderr", number]>([
    ["in front of its result", { kind: "garbageBytes", sizeBytes: 300 }, "stdout", 300],
    ["in one line", { kind: "longLine", sizeBytes: 200_000 }, "stdout", 200_000],
    ["on standard error, more than a pipe holds", { kind: "stderrFlood", sizeBytes: 200_000 }, "stderr", 200_000],
  ])("codex with noise %s, whatever is drawn", async (_what, fault, stream, sizeBytes) => {
    const { real, simulated } = await both([exec("--skip-git-repo-check", "write it")], { fault });
    expect(real[0]!.status).toEqual(simulated[0]!.status);
    expect(real[0]![stream].length).toBe(simulated[0]![stream].length);
    expect(real[0]![stream].length).toBeGreaterThan(sizeBytes);
  });
});
