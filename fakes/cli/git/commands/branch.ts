import { parseArguments } from "../arguments.ts";
import { detachedText } from "../detached-head.ts";
import { fatal } from "../failure.ts";
import { globExpression } from "../glob.ts";
import { isAncestor } from "../history.ts";
import { abbreviated, isBranchName, resolveCommit } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";
import { listWorktrees, worktreeOfBranch } from "../worktrees.ts";

/**
 * `git branch [--list [pattern…]]`, `--show-current`, `[-f] <name> [start]`, `-d | -D <name>…`,
 * `--format=%(refname:short)`. A branch of another work tree is marked with `+`.
 */
export function* branch(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "--list": "list",
      "-l": "list",
      "--show-current": "current",
      "-d": "delete",
      "--delete": "delete",
      "-D": "force-delete",
      "-f": "force",
      "--force": "force",
      "-q": "quiet",
      "--format=%(refname:short)": "short",
    },
  });
  const { flags, operands } = parsed;
  const { repository } = session;
  if (flags.has("delete") || flags.has("force-delete")) return yield* removeBranches(session, operands, flags);
  if (operands.length > 0 && !flags.has("list")) {
    const [name, given, ...rest] = operands;
    const start = given ?? "HEAD";
    if (rest.length > 0) session.unmodelled(args);
    if (!isBranchName(name!)) fatal(`'${name}' is not a valid branch name`);
    if (repository.branchCommitId(name!) !== undefined) {
      if (!flags.has("force")) fatal(`a branch named '${name}' already exists`);
      const used = worktreeOfBranch(session, name!, { exceptHere: false });
      if (used !== undefined) fatal(`cannot force update the branch '${name}' checked out at '${used.root}'`);
    }
    if (repository.headCommitId() === undefined && given === undefined) {
      fatal(`not a valid object name: '${repository.headBranch()}'`);
    }
    const commit = resolveCommit(repository, start);
    if (commit === undefined) fatal(`not a valid object name: '${start}'`);
    yield session.work(2_500, "w");
    repository.setBranch(name!, commit);
    return 0;
  }
  yield session.work(2_500, "r");
  const current = repository.headBranch();
  if (flags.has("current")) {
    if (current !== undefined) session.print(current);
    return 0;
  }
  const patterns = operands.map((pattern) => globExpression(pattern, { acrossFolders: true }));
  const elsewhere = new Set(listWorktrees(session).map((worktree) => worktree.branch));
  const mark = (name: string | undefined): string =>
    flags.has("short") ? "" : name === current ? "* " : elsewhere.has(name) ? "+ " : "  ";
  if (current === undefined && patterns.length === 0) {
    session.print(`${mark(undefined)}(${detachedText(repository) ?? "no branch"})`);
  }
  for (const name of repository.branches()) {
    if (patterns.length > 0 && !patterns.some((pattern) => pattern.test(name))) continue;
    session.print(`${mark(name)}${name}`);
  }
  return 0;
}

/** `-d` refuses a branch with commits that HEAD does not have. */
function* removeBranches(session: Session, names: readonly string[], flags: ReadonlySet<string>): GitRun {
  const { repository } = session;
  if (names.length === 0) fatal("branch name required");
  yield session.work(2_500, "w");
  let exitCode = 0;
  for (const name of names) {
    const used = worktreeOfBranch(session, name, { exceptHere: false });
    if (used !== undefined) {
      session.printError(`error: Cannot delete branch '${name}' checked out at '${used.root}'`);
      exitCode = 1;
      continue;
    }
    const commit = isBranchName(name) ? repository.branchCommitId(name) : undefined;
    if (commit === undefined) {
      session.printError(`error: branch '${name}' not found.`);
      exitCode = 1;
      continue;
    }
    const head = repository.headCommitId();
    const merged = head !== undefined && isAncestor(repository, commit, head);
    if (!merged && !flags.has("force-delete")) {
      session.printError(
        `error: The branch '${name}' is not fully merged.\n` +
          `If you are sure you want to delete it, run 'git branch -D ${name}'.`,
      );
      exitCode = 1;
      continue;
    }
    repository.removeReference(`refs/heads/${name}`);
    if (!flags.has("quiet")) session.print(`Deleted branch ${name} (was ${abbreviated(commit)}).`);
  }
  return exitCode;
}
