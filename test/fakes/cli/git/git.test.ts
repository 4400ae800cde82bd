import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { git } from "../../../../fakes/cli/git/git.ts";
import type { GitChange } from "../../../../fakes/cli/changes.ts";
import { digest64 } from "../../../../src/base/digest.ts";
import { HostDisk } from "../../../../src/sim/disk/host-disk.ts";
import type { WorldChange } from "../../../../src/history/changes.ts";
import { MemoryDisk } from "../memory-disk.ts";
import { NotModelled, runProgram } from "../run-program.ts";
import type { ProgramRun, RunOptions } from "../run-program.ts";

let disk: MemoryDisk;

beforeEach(() => {
  disk = new MemoryDisk();
  disk.makeFolder("/work/tests");
  disk.makeFolder("/work/src");
  run(["init", "-q", "-b", "main"]);
  run(["config", "user.name", "Ada"]);
  run(["config", "user.email", "ada@example.com"]);
});

describe("commit", () => {
  it("records the changed paths with digests of their text, and null for a removed one", () => {
    disk.write("/work/a.py", "one\n");
    disk.write("/work/b.py", "two\n");
    commitAll("first");
    disk.write("/work/a.py", "three\n");
    disk.remove("/work/b.py");
    const { changes } = commitAll("second\n\nwhy");
    const head = run(["rev-parse", "HEAD"]).stdout.trim();
    expect(changes).toEqual([
      {
        store: "git",
        type: "commit",
        repository: "/work",
        branch: "main",
        commit: head,
        message: "second\n\nwhy",
        changed: { "a.py": digest64("three\n"), "b.py": null },
      },
    ]);
  });

  it("reports in the shape that the history names", () => {
    const change: GitChange = {
      store: "git",
      type: "commit",
      repository: "",
      branch: "",
      commit: "",
      message: "",
      changed: {},
    };
    expect(change satisfies WorldChange).toBe(change);
  });

  it("gives the object ids of real git", () => {
    disk.write("/work/a.py", "one\n");
    disk.write("/work/src/b.py", "two\n");
    commitAll("first", { nowMs: 1_790_000_000_000 });
    expect(run(["rev-parse", "HEAD:a.py", "HEAD^{tree}", "HEAD"]).stdout.split("\n")).toEqual([
      "5626abf0f72e58d7a153368ba57db4c673c0e171",
      "869a12e6fdb14955db8b7148308a5a3d301a78cb",
      "0fae803af5fca0639ba7ac60795bc7f500453728",
      "",
    ]);
  });

  it("refuses with 1 when nothing is staged, and with 128 when nobody is known to commit", () => {
    expect(run(["commit", "-m", "none"])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("nothing to commit"),
    });
    disk.write("/work/a.py", "one\n");
    run(["add", "-A"]);
    run(["config", "--unset", "user.name"]);
    expect(run(["commit", "-m", "first"])).toMatchObject({
      exitCode: 128,
      stderr: expect.stringContaining("Please tell me who you are"),
    });
    const named = { GIT_AUTHOR_NAME: "Eve", GIT_COMMITTER_NAME: "Eve" };
    expect(run(["commit", "-m", "first"], { env: named }).exitCode).toBe(0);
    expect(run(["log", "--format=%an"]).stdout).toBe("Eve\n");
  });
});

describe("a disk without room", () => {
  it("leaves no half of an object that a later add would take for whole", () => {
    const full = new HostDisk();
    full.makeFolder("/work");
    run(["init", "-q"], { files: full });
    full.write("/work/a.py", "one\n");
    full.setFull(true);
    expect(run(["add", "a.py"], { files: full }).exitCode).toBe(128);
    full.setFull(false);
    expect(run(["add", "a.py"], { files: full }).exitCode).toBe(0);
    expect(run(["cat-file", "-p", ":a.py"], { files: full }).stdout).toBe("one\n");
  });
});

describe("the index lock", () => {
  it("is refused with 128 as long as it exists, by every command that changes the index", () => {
    disk.write("/work/a.py", "one\n");
    commitAll("first");
    disk.write("/work/.git/index.lock", "");
    const commands = [
      ["add", "-A"],
      ["commit", "--allow-empty", "-m", "x"],
      ["checkout", "--", "a.py"],
      ["checkout", "-b", "other"],
      ["restore", "--staged", "a.py"],
      ["rm", "--cached", "a.py"],
      ["reset", "-q", "--hard"],
    ];
    for (const args of commands) {
      expect(run(args), args.join(" ")).toMatchObject({
        exitCode: 128,
        stderr: expect.stringMatching(/^fatal: Unable to create '\/work\/\.git\/index\.lock': File exists\./),
      });
    }
    expect(run(["status", "--porcelain"]).exitCode).toBe(0);
    expect(disk.stat("/work/.git/index.lock")).not.toBeNull();
  });

  it("is given back by a command that fails on its own", () => {
    disk.write("/work/a.py", "one\n");
    expect(run(["add", "missing"]).exitCode).toBe(128);
    expect(run(["rm", "a.py"]).exitCode).toBe(128);
    expect(run(["commit", "-m", " "]).exitCode).toBe(1);
    expect(disk.stat("/work/.git/index.lock")).toBeNull();
  });

  it("stays behind a kill in the middle, and with it removed the repository is as before or after the command", () => {
    const commands = [
      ["add", "-A"],
      ["commit", "-q", "-a", "-m", "second"],
      ["rm", "-q", "--cached", "a.py"],
      ["reset", "-q", "--hard", "HEAD"],
      ["checkout", "-q", "-b", "other"],
    ] as const;
    for (const args of commands) {
      const before = stateOf(repositoryWithChange());
      const finished = repositoryWithChange();
      const yields = run(args, { files: finished }).steps.length;
      const after = stateOf(finished);
      for (let killAtYield = 1; killAtYield <= yields; killAtYield++) {
        const killed = repositoryWithChange();
        run(args, { files: killed, killAtYield });
        const locked = killed.stat("/work/.git/index.lock") !== null;
        const state = stateOf(killed);
        const where = `${args.join(" ")}, killed at ${killAtYield}`;
        if (killAtYield === 2) expect(locked, where).toBe(true);
        if (locked) killed.remove("/work/.git/index.lock");
        expect([before.log, after.log], where).toContain(state.log);
        expect([before.index, after.index], where).toContain(state.index);
        expect(run(["add", "-A"], { files: killed }).exitCode, where).toBe(0);
      }
    }
  });

  it("protects a read of the index from a change in between: of two that overlap, one is refused", () => {
    disk.write("/work/a.py", "one\n");
    disk.write("/work/b.py", "two\n");
    let second: ProgramRun | undefined;
    const first = run(["add", "a.py"], {
      beforeResume: (count) => {
        if (count === 2) second = run(["add", "b.py"]);
      },
    });
    expect([first.exitCode, second?.exitCode]).toEqual([0, 128]);
    expect(run(["ls-files"]).stdout).toBe("a.py\n");
  });
});

describe("listings", () => {
  it("show a removed and an added file of equal content as one rename, so that only the new name is listed", () => {
    disk.write("/work/tests/test_a.py", "one\ntwo\nthree\n");
    commitAll("first");
    disk.rename("/work/tests/test_a.py", "/work/kept.py");
    run(["add", "-A"]);
    expect(run(["diff", "--cached", "--name-only"]).stdout).toBe("kept.py\n");
    expect(run(["diff", "--cached", "--name-only", "--no-renames"]).stdout).toBe("kept.py\ntests/test_a.py\n");
    expect(run(["diff", "--cached", "--name-status"]).stdout).toBe("R100\ttests/test_a.py\tkept.py\n");
    expect(run(["status", "--porcelain"]).stdout).toBe("R  tests/test_a.py -> kept.py\n");
    expect(run(["status", "--porcelain", "-z"]).stdout).toBe("R  kept.py\0tests/test_a.py\0");
  });

  it("quote a path with other than ASCII letters unless told not to, or ended by NUL", () => {
    disk.write("/work/tests/test_ä.py", "one\n");
    run(["add", "-A"]);
    expect(run(["diff", "--cached", "--name-only"]).stdout).toBe('"tests/test_\\303\\244.py"\n');
    expect(run(["-c", "core.quotepath=false", "diff", "--cached", "--name-only"]).stdout).toBe("tests/test_ä.py\n");
    expect(run(["diff", "--cached", "--name-only", "-z"]).stdout).toBe("tests/test_ä.py\0");
  });

  it("show a link in the place of a file as a change of type, and what lies behind a linked folder as gone", () => {
    disk.write("/work/tests/test_a.py", "one\n");
    disk.write("/work/src/a.py", "one\n");
    commitAll("first");
    disk.remove("/work/tests/test_a.py");
    disk.makeLink("/work/src/a.py", "/work/tests/test_a.py");
    expect(run(["status", "--porcelain"]).stdout).toBe(" T tests/test_a.py\n");
    disk.remove("/work/tests", { recursive: true });
    disk.makeLink("/work/src", "/work/tests");
    expect(run(["status", "--porcelain"]).stdout).toBe(" D tests/test_a.py\n?? tests\n");
  });

  it("are made from where the command runs, with -C as well", () => {
    disk.write("/work/tests/test_a.py", "one\n");
    expect(run(["-C", "tests", "add", "test_a.py"]).exitCode).toBe(0);
    expect(run(["ls-files"], { cwd: "/work/tests" }).stdout).toBe("test_a.py\n");
    expect(run(["add", "../../outside"], { cwd: "/work/tests" })).toMatchObject({
      exitCode: 128,
      stderr: expect.stringContaining("is outside repository at '/work'"),
    });
  });
});

describe("checkout", () => {
  it("carries a local change over, and refuses to overwrite one", () => {
    disk.write("/work/a.py", "one\n");
    disk.write("/work/b.py", "one\n");
    commitAll("first");
    run(["checkout", "-q", "-b", "other"]);
    disk.write("/work/a.py", "two\n");
    commitAll("second");
    disk.write("/work/b.py", "local\n");
    expect(run(["checkout", "main"])).toMatchObject({ exitCode: 0, stdout: "M\tb.py\n" });
    expect(disk.files("/work")).toEqual({ "a.py": "one\n", "b.py": "local\n" });
    disk.write("/work/a.py", "local\n");
    expect(run(["checkout", "other"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("would be overwritten by checkout:\n\ta.py\n"),
    });
    expect(run(["branch", "--show-current"]).stdout).toBe("main\n");
  });

  it("fails with the codes of real git for a taken name, a name in the way, and an unknown one", () => {
    disk.write("/work/a.py", "one\n");
    commitAll("first");
    expect(run(["checkout", "-b", "main"])).toMatchObject({ exitCode: 128 });
    expect(run(["checkout", "-b", "main/deep"])).toMatchObject({ exitCode: 128 });
    expect(run(["checkout", "nowhere"])).toMatchObject({
      exitCode: 1,
      stderr: "error: pathspec 'nowhere' did not match any file(s) known to git\n",
    });
    expect(disk.stat("/work/.git/index.lock")).toBeNull();
  });
});

it("takes any text as a pathspec, as a mangled result may hold it", () => {
  const noise = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom("[", "]", "-", "!", "^", "\\", "*", "z", "a") }),
  );
  fc.assert(
    fc.property(noise, (text) => {
      const pathspec = text.replaceAll("\0", "").replace(/^:+/, "");
      expect([0, 1, 128]).toContain(run(["add", "--", pathspec]).exitCode);
    }),
  );
});

describe("a linked worktree", () => {
  beforeEach(() => {
    disk.write("/work/a.py", "one\n");
    commitAll("first");
    run(["worktree", "add", "-q", "-b", "card", "../card"]);
  });

  it("has its own HEAD, index and lock, and shares commits and branches", () => {
    disk.write("/card/a.py", "two\n");
    disk.write("/work/.git/index.lock", "");
    expect(commitAll("second", { cwd: "/card" }).exitCode).toBe(0);
    expect(run(["log", "--format=%s", "card"]).stdout).toBe("second\nfirst\n");
    expect(run(["log", "--format=%s"]).stdout).toBe("first\n");
    expect(disk.readText("/work/a.py")).toBe("one\n");
    expect(run(["status", "--porcelain"], { cwd: "/card" }).stdout).toBe("");
    disk.write("/work/.git/worktrees/card/index.lock", "");
    expect(run(["add", "-A"], { cwd: "/card" })).toMatchObject({
      exitCode: 128,
      stderr: expect.stringContaining("Unable to create '/work/.git/worktrees/card/index.lock': File exists."),
    });
  });

  it("says where its parts are, as files on disk and when it is asked", () => {
    expect(disk.readText("/card/.git")).toBe("gitdir: /work/.git/worktrees/card\n");
    expect(disk.readText("/work/.git/worktrees/card/gitdir")).toBe("/card/.git\n");
    expect(run(["rev-parse", "--git-dir", "--git-common-dir", "--show-toplevel"], { cwd: "/card" }).stdout).toBe(
      "/work/.git/worktrees/card\n/work/.git\n/card\n",
    );
  });

  it("keeps its branch from being checked out, removed or moved elsewhere", () => {
    for (const args of [
      ["checkout", "card"],
      ["worktree", "add", "../other", "card"],
      ["branch", "-f", "card", "main"],
    ]) {
      expect(run(args), args.join(" ")).toMatchObject({
        exitCode: 128,
        stderr: expect.stringContaining("checked out at '/card'"),
      });
    }
    expect(run(["branch", "-D", "card"]).exitCode).toBe(1);
    expect(run(["worktree", "remove", "../card"]).exitCode).toBe(0);
    expect(run(["checkout", "-q", "card"]).exitCode).toBe(0);
  });

  it("reports commits under its own root, so that evidence of cards stays apart", () => {
    disk.write("/card/b.py", "two\n");
    const { changes } = commitAll("second", { cwd: "/card" });
    expect(changes).toMatchObject([{ repository: "/card", branch: "card", changed: { "b.py": digest64("two\n") } }]);
  });

  it("that is half made when it is killed stays locked, and can be removed and made again", () => {
    const yields = run(["worktree", "add", "-q", "../probe"]).steps.length;
    let halfMade = 0;
    for (let killAtYield = 1; killAtYield <= yields; killAtYield++) {
      const path = `../half-${killAtYield}`;
      run(["worktree", "add", "-q", path], { killAtYield });
      run(["worktree", "prune"]);
      if (run(["worktree", "list", "--porcelain"]).stdout.includes(`worktree /half-${killAtYield}\n`)) {
        halfMade += 1;
        expect(run(["worktree", "remove", "-f", path]).stderr).toContain("lock reason: initializing");
        expect(run(["worktree", "remove", "-f", "-f", path]).exitCode, path).toBe(0);
      }
      expect(run(["worktree", "add", "-q", path]).exitCode, path).toBe(0);
    }
    expect(halfMade).toBeGreaterThan(0);
  });

  it("passes over one that a crash left without its place, and prunes it", () => {
    run(["worktree", "add", "-q", "../lost"]);
    disk.write("/work/.git/worktrees/lost/gitdir", "");
    expect(run(["worktree", "list", "--porcelain"]).stdout).not.toContain("lost");
    expect(run(["worktree", "prune", "-v"]).stderr).toBe("Removing worktrees/lost: invalid gitdir file\n");
    disk.remove("/lost", { recursive: true });
    expect(run(["worktree", "add", "-q", "../lost", "lost"]).exitCode).toBe(0);
  });
});

describe("merge", () => {
  it("joins what two branches changed in different files, and reports the commit against the first", () => {
    disk.write("/work/a.py", "one\n");
    commitAll("first");
    run(["checkout", "-q", "-b", "card"]);
    disk.write("/work/b.py", "two\n");
    commitAll("on card");
    run(["checkout", "-q", "main"]);
    disk.write("/work/a.py", "three\n");
    commitAll("on main");
    const { changes, exitCode } = run(["merge", "card"]);
    expect(exitCode).toBe(0);
    expect(changes).toMatchObject([{ message: "Merge branch 'card'", changed: { "b.py": digest64("two\n") } }]);
    expect(disk.files("/work")).toEqual({ "a.py": "three\n", "b.py": "two\n" });
  });

  it("ends the run before it changes anything when both sides changed one file", () => {
    disk.write("/work/a.py", "one\n");
    commitAll("first");
    run(["checkout", "-q", "-b", "card"]);
    disk.write("/work/a.py", "two\n");
    commitAll("on card");
    run(["checkout", "-q", "main"]);
    disk.write("/work/a.py", "three\n");
    commitAll("on main");
    const before = disk.readText("/work/.git/index");
    expect(() => run(["merge", "card"])).toThrow(NotModelled);
    expect(disk.readText("/work/.git/index")).toBe(before);
    expect(disk.stat("/work/.git/index.lock")).toBeNull();
  });
});

describe("a damaged repository", () => {
  it("is reported with 128, whichever file a crash left short", () => {
    disk.write("/work/a.py", "one\n");
    commitAll("first");
    const head = run(["rev-parse", "HEAD"]).stdout.trim();
    for (const path of ["/work/.git/index", `/work/.git/commits/${head}`, "/work/.git/refs/heads/main"]) {
      const text = disk.readText(path);
      disk.write(path, text.slice(0, 5));
      expect(run(["status", "--porcelain"]), path).toMatchObject({
        exitCode: 128,
        stderr: expect.stringMatching(/^fatal: /),
      });
      disk.write(path, text);
    }
  });

  it("is none at all without HEAD", () => {
    disk.remove("/work/.git/HEAD");
    expect(run(["status", "--porcelain"])).toMatchObject({
      exitCode: 128,
      stderr: "fatal: not a git repository (or any of the parent directories): .git\n",
    });
  });

  it("is avoided with core.fsync: what a commit needs is synced, and nothing is without it", () => {
    disk.write("/work/a.py", "one\n");
    commitAll("first");
    expect(disk.synced).toEqual([]);
    disk.write("/work/a.py", "two\n");
    run(["config", "core.fsync", "all"]);
    commitAll("second");
    expect(disk.synced.some((path) => path.startsWith("/work/.git/objects/"))).toBe(true);
    expect(disk.synced).toContain("/work/.git/refs/heads");
  });
});

describe("what is not modelled", () => {
  it("ends the run and names the file to extend", () => {
    expect(() => run(["stash"])).toThrow(NotModelled);
    expect(() => run(["commit", "--amend", "-m", "x"])).toThrow(/git commit is not modelled.*commands\/commit\.ts/);
    expect(() => run(["add", ":(exclude)a"])).toThrow(NotModelled);
  });
});

it("takes 4 to 8 ms of virtual time for each command, in several steps on the repository", () => {
  disk.write("/work/a.py", "one\n");
  for (const args of [
    ["add", "-A"],
    ["status", "--porcelain"],
    ["commit", "-m", "x"],
    ["log", "--oneline"],
    ["checkout", "-b", "y"],
  ]) {
    const { durationUs, steps } = run(args);
    expect(durationUs, args.join(" ")).toBeGreaterThanOrEqual(4_000);
    expect(durationUs, args.join(" ")).toBeLessThanOrEqual(8_000);
    for (const step of steps) {
      if (step.kind === "work") expect(step.touches?.map((touch) => touch.id)).toEqual(["git:/work"]);
    }
  }
});

function run(args: readonly string[], options: Partial<RunOptions> = {}): ProgramRun {
  return runProgram(git(), { files: disk, ...options, args });
}

function commitAll(message: string, options: Partial<RunOptions> = {}): ProgramRun {
  run(["add", "-A"], options);
  return run(["commit", "-q", "-m", message], options);
}

function repositoryWithChange(): MemoryDisk {
  const files = new MemoryDisk();
  files.makeFolder("/work");
  run(["init", "-q"], { files });
  run(["config", "user.name", "Ada"], { files });
  run(["config", "user.email", "ada@example.com"], { files });
  files.write("/work/a.py", "one\n");
  run(["add", "-A"], { files });
  run(["commit", "-q", "-m", "first"], { files });
  files.write("/work/a.py", "two\n");
  files.write("/work/new.py", "new\n");
  return files;
}

function stateOf(files: MemoryDisk): { readonly log: string; readonly index: string } {
  return {
    log: run(["log", "--format=%s %T"], { files }).stdout,
    index: run(["ls-files", "-s"], { files }).stdout,
  };
}
