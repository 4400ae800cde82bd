import { posix } from "node:path";
import type { Program, ProgramContext } from "../../../src/ports/program.ts";
import { failureText, isHostFileFailure } from "../host-file-failure.ts";
import { add } from "./commands/add.ts";
import { branch } from "./commands/branch.ts";
import { catFile } from "./commands/cat-file.ts";
import { checkout } from "./commands/checkout.ts";
import { commit } from "./commands/commit.ts";
import { config } from "./commands/config.ts";
import { diff } from "./commands/diff.ts";
import { init } from "./commands/init.ts";
import { log } from "./commands/log.ts";
import { lsFiles } from "./commands/ls-files.ts";
import { mergeBase } from "./commands/merge-base.ts";
import { merge } from "./commands/merge.ts";
import { reset } from "./commands/reset.ts";
import { restore } from "./commands/restore.ts";
import { revParse } from "./commands/rev-parse.ts";
import { rm } from "./commands/rm.ts";
import { show } from "./commands/show.ts";
import { status } from "./commands/status.ts";
import { tag } from "./commands/tag.ts";
import { worktree } from "./commands/worktree.ts";
import { GitFailure } from "./failure.ts";
import { Session } from "./session.ts";
import type { GitCommand, GitRun } from "./session.ts";

/**
 * Git as a program of the simulated host, after version 2.39. Object ids equal those of real git.
 *
 * Modelled: the commands below, branches and their merges, linked work trees, tags, patches and line counts, the index
 * lock, ignored files, renames, identities, quoting of paths. Not modelled, and refused as such: merges in which both
 * sides changed one file, remotes, stashes, rebases, hooks, submodules, executable bits (the disk has none), and any
 * option that is not listed with its command. Unlike the real one, a signal that ends it leaves the index lock behind.
 */
export function git(): Program {
  return { name: "git", run: runGit };
}

function* runGit(context: ProgramContext): GitRun {
  if (context.args[0] === "--version" || context.args[0] === "version") {
    yield { kind: "work", durationUs: START_US };
    context.stdout("git version 2.39.5\n");
    return 0;
  }
  const invocation = parseInvocation(context);
  if (invocation === undefined) {
    context.stdout("usage: git [-v | --version] [-C <path>] [-c <name>=<value>] <command> [<args>]\n");
    return 1;
  }
  const command = COMMANDS.get(invocation.command);
  if (command === undefined) {
    context.unmodelled({ method: "git", args: [...context.args], file: "fakes/cli/git/git.ts" });
  }
  // The repository is only found once the disk may be read: until then the folder stands for it.
  yield { kind: "work", durationUs: START_US, touches: [{ id: `git:${invocation.cwd}`, rw: command.rw }] };
  if (context.files.stat(invocation.cwd)?.kind === undefined) {
    context.stderr(`fatal: cannot change to '${invocation.given}': No such file or directory\n`);
    return 128;
  }
  const session = new Session(context, { ...invocation, cwd: context.files.realPath(invocation.cwd) });
  return yield* endingCleanly(session, command.run(session, invocation.args));
}

/** A command that fails on its own gives its lock back; one that is killed does not get here. */
function* endingCleanly(session: Session, run: GitRun): GitRun {
  try {
    const exitCode = yield* run;
    session.unlockIndex();
    return exitCode;
  } catch (error) {
    if (error instanceof GitFailure) {
      session.printError(error.message);
      session.unlockIndex();
      return error.exitCode;
    }
    if (isHostFileFailure(error)) {
      session.printError(`fatal: ${error.path}: ${failureText(error.code)}`);
      try {
        session.unlockIndex();
      } catch (second) {
        if (!isHostFileFailure(second)) throw second;
      }
      return 128;
    }
    throw error;
  }
}

interface Invocation {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** As the last `-C` has it. */
  readonly given: string;
  readonly overrides: ReadonlyMap<string, string>;
}

/** The options before the subcommand: `-C <folder>` and `-c <name>=<value>`, any number of each. */
function parseInvocation(context: ProgramContext): Invocation | undefined {
  let cwd = context.cwd;
  let given = cwd;
  const overrides = new Map<string, string>();
  const { args } = context;
  let index = 0;
  for (; index < args.length && args[index]!.startsWith("-"); index++) {
    const option = args[index]!;
    const value = args[index + 1];
    if (value !== undefined && option === "-C") [cwd, given] = [posix.resolve(cwd, value), value];
    else if (value !== undefined && option === "-c") {
      const equals = value.indexOf("=");
      const key = equals === -1 ? value : value.slice(0, equals);
      overrides.set(key.toLowerCase(), equals === -1 ? "true" : value.slice(equals + 1));
    } else if (option === "--no-pager" || option === "--no-optional-locks") continue;
    else context.unmodelled({ method: "git", args: [...args], file: "fakes/cli/git/git.ts" });
    index += 1;
  }
  const command = args[index];
  return command === undefined ? undefined : { command, args: args.slice(index + 1), cwd, given, overrides };
}

const START_US = 1_500;

const COMMANDS: ReadonlyMap<string, { readonly run: GitCommand; readonly rw: "r" | "w" }> = new Map([
  ["add", { run: add, rw: "w" }],
  ["branch", { run: branch, rw: "w" }],
  ["cat-file", { run: catFile, rw: "r" }],
  ["checkout", { run: checkout, rw: "w" }],
  ["commit", { run: commit, rw: "w" }],
  ["config", { run: config, rw: "w" }],
  ["diff", { run: diff, rw: "r" }],
  ["init", { run: init, rw: "w" }],
  ["log", { run: log, rw: "r" }],
  ["ls-files", { run: lsFiles, rw: "r" }],
  ["merge", { run: merge, rw: "w" }],
  ["merge-base", { run: mergeBase, rw: "r" }],
  ["reset", { run: reset, rw: "w" }],
  ["restore", { run: restore, rw: "w" }],
  ["rev-parse", { run: revParse, rw: "r" }],
  ["rm", { run: rm, rw: "w" }],
  ["show", { run: show, rw: "r" }],
  ["status", { run: status, rw: "r" }],
  ["tag", { run: tag, rw: "w" }],
  ["worktree", { run: worktree, rw: "w" }],
] as const);
