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
import { blobId } from "../../../../fakes/cli/git/object.ts";
import { patchOf } from "../../../../fakes/cli/git/patch.ts";
import { requiresTool } from "../../../requires-tool/requires-tool.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { NotModelled, runProgram } from "../run-program.ts";
import { sequences } from "./git-actions.ts";
import type { Action } from "./git-actions.ts";

interface Answer {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const NOW_SECONDS = 1_790_000_000;
const ENV = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
} as const;

/** Asked at the end of each sequence. */
const QUESTIONS: readonly (readonly string[])[] = [
  ["status"],
  ["status", "--porcelain", "-b"],
  ["status", "--porcelain", "-z", "-uall"],
  ["diff"],
  ["diff", "--cached"],
  ["diff", "--cached", "--stat", "--summary"],
  ["diff", "--cached", "--name-status"],
  ["diff", "--name-status", "--no-renames"],
  ["diff", "HEAD", "--numstat"],
  ["ls-files", "-s"],
  ["ls-files", "--others", "--exclude-standard"],
  ["log"],
  ["log", "--format=%H%x00%s%x00%T%x00%P"],
  ["log", "--stat", "--no-renames"],
  ["branch", "--list"],
  ["tag"],
  ["worktree", "list", "--porcelain"],
  ["rev-parse", "--abbrev-ref", "HEAD"],
];

requiresTool("git");

/** More, or others, by hand: `STORMLANE_GIT_RUNS=500 STORMLANE_GIT_SEED=7`. */
const numRuns = Number(process.env["STORMLANE_GIT_RUNS"] ?? 16);
const seed = Number(process.env["STORMLANE_GIT_SEED"] ?? 20_261);

describe("the simulated git beside real git", () => {
  it("gives the same exit codes, output, ids and files for any sequence of commands", () => {
    let comparisons = 0;
    let unfinished = 0;
    fc.assert(
      fc.property(sequences(), (sequence) => {
        const real = new RealRepository();
        const fake = new FakeRepository();
        const compare = (action: Action, atSeconds: number): boolean => {
          const answer = fake.perform(action, atSeconds);
          if (answer === undefined) return false;
          expect(answer, JSON.stringify(action)).toEqual(real.perform(action, atSeconds));
          comparisons += 1;
          return true;
        };
        try {
          // Some commits fall into one second, so that their order is not a matter of time alone.
          const done = sequence.every((action, index) => compare(action, NOW_SECONDS + Math.floor(index / 4)));
          if (!done) unfinished += 1;
          for (const args of done ? QUESTIONS : []) compare({ kind: "git", args }, NOW_SECONDS + 100);
          if (done) expect(fake.tree()).toEqual(real.tree());
        } finally {
          real.dispose();
        }
      }),
      { numRuns, seed },
    );
    expect(comparisons).toBeGreaterThan(numRuns * QUESTIONS.length * 0.7);
    // A sequence ends early where the real git would stop in a conflict, which is not modelled.
    expect(unfinished).toBeLessThanOrEqual(Math.ceil(numRuns * 0.2));
  }, 900_000);
});

it("the simulated git prints the patch between any two texts as real git does", () => {
  const folder = realpathSync(mkdtempSync(posix.join(tmpdir(), "stormlane-patch-")));
  const paths = [posix.join(folder, "before"), posix.join(folder, "after")] as const;
  try {
    fc.assert(
      fc.property(textAndItsChange(), (texts) => {
        const contents = texts.map((text) => Buffer.from(text));
        const [before, after] = contents.map((content) => ({ id: blobId(content), mode: "100644" }) as const);
        paths.forEach((path, index) => writeFileSync(path, contents[index]!));
        const real = spawnSync("git", ["diff", "--no-index", "--", ...paths], {
          encoding: "utf8",
          env: { PATH: process.env["PATH"] ?? "", HOME: folder, GIT_CONFIG_NOSYSTEM: "1" },
        });
        const patch = patchOf(
          { letter: "M", path: "any", before: before!, after: after! },
          (id) => contents.find((content) => blobId(content) === id)!,
          { keepUnicode: false },
        );
        expect(hunksOf(Buffer.from(patch).toString())).toBe(hunksOf(real.stdout));
      }),
      { numRuns: numRuns * 5, seed },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 900_000);

/** Up to some hundred lines out of few, so that much of the text can be matched in many ways. */
function textAndItsChange(): fc.Arbitrary<readonly [string, string]> {
  const line = fc.constantFrom("a", "b", "  c", "    d", "", "", "}", "\te", "def f():", "  return", "$v", "# 1");
  const lines = (maxLength: number): fc.Arbitrary<string[]> => fc.array(line, { maxLength, size: "max" });
  const edit = fc.record({ at: fc.nat(200), remove: fc.nat(6), insert: lines(5) });
  return fc
    .record({ before: lines(200), edits: fc.array(edit, { maxLength: 12 }), end: fc.constantFrom("\n", "") })
    .map(({ before, edits, end }) => {
      const after = [...before];
      for (const { at, remove, insert } of edits) after.splice(Math.min(at, after.length), remove, ...insert);
      return [`${before.join("\n")}\n`, after.join("\n") + end] as const;
    });
}

function hunksOf(patch: string): string {
  const start = patch.indexOf("\n@@");
  return start === -1 ? "" : patch.slice(start);
}

class RealRepository {
  private readonly base = realpathSync(mkdtempSync(posix.join(tmpdir(), "stormlane-git-")));
  private readonly root = posix.join(this.base, "work");

  constructor() {
    mkdirSync(this.root);
    this.git(["init", "-q", "-b", "main"], NOW_SECONDS);
  }

  perform(action: Action, atSeconds: number): Answer {
    if (action.kind === "git") return this.git(action.args, atSeconds);
    const path = posix.join(this.root, action.path);
    if (action.kind === "remove") rmSync(path, { force: true, recursive: true });
    else {
      mkdirSync(posix.dirname(path), { recursive: true });
      writeFileSync(path, action.content);
    }
    return DONE;
  }

  /** All files but those of git, work trees included. */
  tree(): Record<string, string> {
    const found: Record<string, string> = {};
    const visit = (folder: string): void => {
      for (const name of readdirSync(posix.join(this.base, folder)).toSorted()) {
        const path = posix.join(folder, name);
        if (name === ".git") continue;
        if (lstatSync(posix.join(this.base, path)).isDirectory()) visit(path);
        else found[path] = readFileSync(posix.join(this.base, path), "utf8");
      }
    };
    visit("");
    return found;
  }

  dispose(): void {
    rmSync(this.base, { recursive: true });
  }

  private git(args: readonly string[], atSeconds: number): Answer {
    const date = `${atSeconds} +0000`;
    const run = spawnSync("git", args, {
      cwd: this.root,
      encoding: "utf8",
      env: {
        ...ENV,
        PATH: process.env["PATH"] ?? "",
        HOME: this.base,
        LC_ALL: "C",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_DATE: date,
      },
    });
    const shown = (text: string): string => text.replaceAll(this.base, BASE);
    return { exitCode: run.status ?? undefined, stdout: shown(run.stdout), stderr: shown(run.stderr) };
  }
}

class FakeRepository {
  private readonly disk = new MemoryDisk();

  constructor() {
    this.disk.makeFolder(ROOT);
    this.git(["init", "-q", "-b", "main"], NOW_SECONDS);
  }

  /** undefined when the fake does not model it. */
  perform(action: Action, atSeconds: number): Answer | undefined {
    if (action.kind === "git") return this.git(action.args, atSeconds);
    const path = posix.join(ROOT, action.path);
    if (action.kind === "remove") {
      if (this.disk.stat(path) !== null) this.disk.remove(path, { recursive: true });
    } else {
      this.disk.makeFolder(posix.dirname(path));
      this.disk.write(path, action.content);
    }
    return DONE;
  }

  tree(): Record<string, string> {
    return this.disk.files(BASE);
  }

  private git(args: readonly string[], atSeconds: number): Answer | undefined {
    try {
      const run = runProgram(git(), { args, files: this.disk, cwd: ROOT, env: ENV, nowMs: atSeconds * 1000 });
      return { exitCode: run.exitCode, stdout: run.stdout, stderr: run.stderr };
    } catch (error) {
      if (!(error instanceof NotModelled)) throw error;
      return undefined;
    }
  }
}

const BASE = "/base";
const ROOT = "/base/work";
const DONE: Answer = { exitCode: 0, stdout: "", stderr: "" };
