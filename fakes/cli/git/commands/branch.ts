import { parseArguments } from "../arguments.ts";
import { fatal, GitFailure } from "../failure.ts";
import { globExpression } from "../glob.ts";
import { abbreviated, ancestry, isBranchName, requireCommit } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";

/** `git branch [--list [pattern…]]`, `--show-current`, `<name> [start]`, `-d | -D <name>…`, `--format=%(refname:short)`. */
export function* branch(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "--list": "list",
      "-l": "list",
      "--show-current": "current",
      "-d": "delete",
      "--delete": "delete",
      "-D": "force-delete",
      "-q": "quiet",
      "--format=%(refname:short)": "short",
    },
  });
  const { flags, operands } = parsed;
  const { repository } = session;
  if (flags.has("delete") || flags.has("force-delete")) return yield* removeBranches(session, operands, flags);
  if (operands.length > 0 && !flags.has("list")) {
    const [name, start = "HEAD", ...rest] = operands;
    if (rest.length > 0) session.unmodelled(args);
    if (!isBranchName(name!)) fatal(`'${name}' is not a valid branch name`);
    if (repository.branchCommitId(name!) !== undefined) fatal(`a branch named '${name}' already exists`);
    if (repository.headCommitId() === undefined && start === "HEAD") {
      fatal(`not a valid object name: '${repository.headBranch()}'`);
    }
    const commit = requireCommit(repository, start);
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
  const mark = (isCurrent: boolean): string => (flags.has("short") ? "" : isCurrent ? "* " : "  ");
  if (current === undefined && patterns.length === 0) {
    session.print(`${mark(true)}(HEAD detached at ${abbreviated(repository.headCommitId()!)})`);
  }
  for (const name of repository.branches()) {
    if (patterns.length > 0 && !patterns.some((pattern) => pattern.test(name))) continue;
    session.print(`${mark(name === current)}${name}`);
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
    const commit = isBranchName(name) ? repository.branchCommitId(name) : undefined;
    if (commit === undefined) {
      session.printError(`error: branch '${name}' not found.`);
      exitCode = 1;
      continue;
    }
    if (repository.headBranch() === name) {
      throw new GitFailure(1, `error: Cannot delete branch '${name}' checked out at '${repository.root}'`);
    }
    const head = repository.headCommitId();
    const merged = head !== undefined && [...ancestry(repository, head)].includes(commit);
    if (!merged && !flags.has("force-delete")) {
      session.printError(
        `error: The branch '${name}' is not fully merged.\n` +
          `If you are sure you want to delete it, run 'git branch -D ${name}'.`,
      );
      exitCode = 1;
      continue;
    }
    repository.removeBranch(name);
    if (!flags.has("quiet")) session.print(`Deleted branch ${name} (was ${abbreviated(commit)}).`);
  }
  return exitCode;
}
