import { spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { git } from "../../../../fakes/cli/git/git.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { runProgram } from "../run-program.ts";

/** What is done to both repositories. */
type Action =
  | { readonly kind: "write"; readonly path: string; readonly content: string }
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "git"; readonly args: readonly string[] };

interface Answer {
  readonly exitCode: number | undefined;
  readonly stdout: string;
}

const NOW_SECONDS = 1_790_000_000;
const ENV = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
} as const;

const QUESTIONS: readonly (readonly string[])[] = [
  ["status", "--porcelain"],
  ["status", "--porcelain", "-z", "-uall"],
  ["diff", "--cached", "--name-only"],
  ["diff", "--cached", "--name-status"],
  ["diff", "--name-status", "--no-renames"],
  ["ls-files", "-s"],
  ["ls-files", "--others", "--exclude-standard"],
  ["log", "--format=%H%x00%s%x00%T"],
  ["branch", "--list"],
  ["rev-parse", "--abbrev-ref", "HEAD"],
];

/** Commands whose standard output is not modelled to the letter (line counts), or is advice. */
const OUTPUT_NOT_COMPARED = new Set(["commit", "reset", "init"]);

const hasGit = spawnSync("git", ["--version"]).status === 0;
/** More, or others, by hand: `STORMLANE_GIT_RUNS=500 STORMLANE_GIT_SEED=7`. */
const numRuns = Number(process.env["STORMLANE_GIT_RUNS"] ?? 12);
const seed = Number(process.env["STORMLANE_GIT_SEED"] ?? 20_261);

if (!hasGit) process.stderr.write("SKIPPED: git is not on PATH, so the simulated git is compared with nothing\n");

describe("the simulated git beside real git", () => {
  it.skipIf(!hasGit)(
    "gives the same exit codes, listings, ids and files for any sequence of commands",
    () => {
      let comparisons = 0;
      const compare = (real: RealRepository, fake: FakeRepository, action: Action): void => {
        const expected = real.perform(action);
        expect(fake.perform(action), JSON.stringify(action)).toEqual(expected);
        comparisons += 1;
      };
      fc.assert(
        fc.property(fc.array(actions(), { minLength: 3, maxLength: 14 }), (sequence) => {
          const real = new RealRepository();
          const fake = new FakeRepository();
          try {
            for (const action of sequence) compare(real, fake, action);
            for (const args of QUESTIONS) compare(real, fake, { kind: "git", args });
            expect(fake.tree()).toEqual(real.tree());
          } finally {
            real.dispose();
          }
        }),
        { numRuns, seed },
      );
      expect(comparisons).toBeGreaterThan(numRuns * QUESTIONS.length);
    },
    120_000,
  );
});

function actions(): fc.Arbitrary<Action> {
  const path = fc.constantFrom(
    "a.py",
    "b.py",
    "src/a.py",
    "src/b.py",
    "tests/test_a.py",
    "tests/deep/x.txt",
    "ä b.txt",
    "log.tmp",
  );
  const branch = fc.constantFrom("main", "feat/a", "feat/b", "other");
  const revision = fc.constantFrom("HEAD", "HEAD~1", "main", "feat/a");
  const content = fc
    .array(fc.constantFrom("one", "two", "three", "four", "five", "six"), { maxLength: 6 })
    .map((lines) => lines.map((line) => `${line}\n`).join(""));
  const target = fc.oneof(path, fc.constantFrom("src", "tests", ".", "*.py", "tests/*", "missing"));
  return fc.oneof(
    { weight: 10, arbitrary: fc.record({ kind: fc.constant("write" as const), path, content }) },
    {
      weight: 1,
      arbitrary: fc.constant({ kind: "write" as const, path: ".gitignore", content: "*.tmp\ndeep/\n!keep.tmp\n" }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("remove" as const), path }) },
    { weight: 5, arbitrary: command("add", "-A") },
    { weight: 5, arbitrary: command("add", "--", target) },
    { weight: 1, arbitrary: command("add", "-u") },
    {
      weight: 6,
      arbitrary: command("commit", "-q", "-m", fc.constantFrom("first", "second\n\nbody  \n\n\nmore", "  ", "[s-1] x")),
    },
    { weight: 1, arbitrary: command("commit", "-qam", "all") },
    { weight: 1, arbitrary: command("commit", "--allow-empty", "-m", "empty") },
    { weight: 4, arbitrary: command("checkout", "-b", branch) },
    { weight: 4, arbitrary: command("checkout", branch) },
    { weight: 2, arbitrary: command("checkout", "--", target) },
    { weight: 1, arbitrary: command("checkout", revision, "--", target) },
    { weight: 1, arbitrary: command("checkout", "-q", "HEAD~1") },
    { weight: 1, arbitrary: command("branch", branch) },
    { weight: 1, arbitrary: command("branch", fc.constantFrom("-d", "-D"), branch) },
    { weight: 2, arbitrary: command("restore", target) },
    { weight: 2, arbitrary: command("restore", "--staged", target) },
    { weight: 1, arbitrary: command("restore", "--source", revision, target) },
    { weight: 2, arbitrary: command("rm", "-q", "--cached", "-r", target) },
    { weight: 1, arbitrary: command("rm", "-r", target) },
    { weight: 1, arbitrary: command("reset", "-q") },
    { weight: 1, arbitrary: command("reset", "-q", fc.constantFrom("--hard", "--soft", "--mixed"), revision) },
    { weight: 1, arbitrary: command("diff", "--name-status", revision) },
    { weight: 1, arbitrary: command("diff", "--name-only", "-z", fc.constantFrom("HEAD~1..HEAD", "main..feat/a")) },
    {
      weight: 1,
      arbitrary: command(
        "show",
        fc.tuple(revision, path).map((pair) => pair.join(":")),
      ),
    },
    { weight: 1, arbitrary: command("cat-file", "-e", revision) },
    { weight: 1, arbitrary: command("rev-parse", "--verify", revision) },
    { weight: 1, arbitrary: command("log", "--oneline", "-n2", "--grep=s", revision) },
    { weight: 1, arbitrary: command("log", "--format=%s", "--", target) },
    { weight: 1, arbitrary: command("ls-files", "-m", "-z", target) },
    { weight: 1, arbitrary: command("ls-files", "--error-unmatch", target) },
  );
}

function command(...args: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<Action> {
  return fc
    .tuple(...args.map((arg) => (typeof arg === "string" ? fc.constant(arg) : arg)))
    .map((all) => ({ kind: "git" as const, args: all }));
}

class RealRepository {
  private readonly root = realpathSync(mkdtempSync(posix.join(tmpdir(), "stormlane-git-")));

  constructor() {
    this.git(["init", "-q", "-b", "main"]);
  }

  perform(action: Action): Answer {
    if (action.kind === "git") return this.git(action.args);
    const path = posix.join(this.root, action.path);
    if (action.kind === "remove") rmSync(path, { force: true });
    else {
      mkdirSync(posix.dirname(path), { recursive: true });
      writeFileSync(path, action.content);
    }
    return { exitCode: 0, stdout: "" };
  }

  tree(): Record<string, string> {
    const found: Record<string, string> = {};
    const visit = (folder: string): void => {
      for (const name of readdirSync(posix.join(this.root, folder)).toSorted()) {
        const path = posix.join(folder, name);
        if (path === ".git") continue;
        if (lstatSync(posix.join(this.root, path)).isDirectory()) visit(path);
        else found[path] = readFileSync(posix.join(this.root, path), "utf8");
      }
    };
    visit("");
    return found;
  }

  dispose(): void {
    rmSync(this.root, { recursive: true });
  }

  private git(args: readonly string[]): Answer {
    const date = `${NOW_SECONDS} +0000`;
    const run = spawnSync("git", args, {
      cwd: this.root,
      encoding: "utf8",
      env: {
        ...ENV,
        PATH: process.env["PATH"] ?? "",
        HOME: this.root,
        LC_ALL: "C",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_DATE: date,
      },
    });
    return { exitCode: run.status ?? undefined, stdout: OUTPUT_NOT_COMPARED.has(args[0]!) ? "" : run.stdout };
  }
}

class FakeRepository {
  private readonly disk = new MemoryDisk();

  constructor() {
    this.disk.makeFolder("/work");
    this.git(["init", "-q", "-b", "main"]);
  }

  perform(action: Action): Answer {
    if (action.kind === "git") return this.git(action.args);
    const path = posix.join("/work", action.path);
    if (action.kind === "remove") {
      if (this.disk.stat(path) !== null) this.disk.remove(path);
    } else {
      this.disk.makeFolder(posix.dirname(path));
      this.disk.write(path, action.content);
    }
    return { exitCode: 0, stdout: "" };
  }

  tree(): Record<string, string> {
    return this.disk.files("/work");
  }

  private git(args: readonly string[]): Answer {
    const run = runProgram(git(), { args, files: this.disk, env: ENV, nowMs: NOW_SECONDS * 1000 });
    return { exitCode: run.exitCode, stdout: OUTPUT_NOT_COMPARED.has(args[0]!) ? "" : run.stdout };
  }
}
