import { posix } from "node:path";
import { parseArguments } from "../arguments.ts";
import type { ParsedArguments } from "../arguments.ts";
import { compareTrees } from "../difference.ts";
import { fatal, GitFailure } from "../failure.ts";
import { subjectOf } from "../object.ts";
import type { ObjectId } from "../object.ts";
import { Repository } from "../repository.ts";
import type { RepositoryPlace } from "../repository.ts";
import { abbreviated, isBranchName, resolveCommit } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";
import { WorkTree } from "../work-tree.ts";
import { linkedNames, listWorktrees, prunableFolders, refuseSecondCheckout } from "../worktrees.ts";
import type { Worktree } from "../worktrees.ts";
import { compareWithDisk } from "./status.ts";

/**
 * `git worktree add [-f] [-q] [--detach] [-b | -B <branch>] [--lock [--reason <text>]] <path> [revision]`,
 * `list [--porcelain [-z]]`, `remove [-f [-f]] <path>`, `prune [-n] [-v]`, `lock [--reason <text>] <path>`,
 * `unlock <path>`. Not modelled: `move`, `repair`, `--no-checkout`, `--track`, `--expire`.
 */
export function* worktree(session: Session, args: readonly string[]): GitRun {
  const [subcommand, ...rest] = args;
  switch (subcommand) {
    case "add":
      return yield* add(session, rest);
    case "list":
      return yield* list(session, rest);
    case "remove":
      return yield* remove(session, rest);
    case "prune":
      return yield* prune(session, rest);
    case "lock":
      return yield* lock(session, rest);
    case "unlock":
      return yield* unlock(session, rest);
    default:
      return session.unmodelled(args);
  }
}

function* add(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "-f": "force",
      "--force": "force",
      "-q": "quiet",
      "--quiet": "quiet",
      "-d": "detach",
      "--detach": "detach",
      "--checkout": "checkout",
      "--lock": "lock",
    },
    values: { "-b": "create", "-B": "reset", "--reason": "reason" },
  });
  const { flags } = parsed;
  const { repository } = session;
  const [given, commitish, ...rest] = [...parsed.operands, ...(parsed.afterDashes ?? [])];
  const created = parsed.values.get("create")?.at(-1) ?? parsed.values.get("reset")?.at(-1);
  const replaces = parsed.values.has("reset");
  if (created !== undefined && flags.has("detach")) fatal("options '-b', '-B', and '--detach' cannot be used together");
  if (given === undefined || rest.length > 0 || (parsed.values.has("reason") && !flags.has("lock"))) {
    session.unmodelled(args);
  }
  const root = resolvedPath(session, given);
  yield session.work(2_000, "w");
  const newBranch = created ?? (commitish === undefined && !flags.has("detach") ? posix.basename(root) : undefined);
  // Without a revision, a branch that is called as the folder is taken, and made when there is none.
  const guessed =
    created === undefined && newBranch !== undefined && resolveBranch(repository, newBranch) !== undefined;
  const start = guessed ? newBranch : (commitish ?? "HEAD");
  const commit = resolveCommit(repository, start);
  const branch = guessed
    ? newBranch
    : (newBranch ?? (flags.has("detach") ? undefined : branchNamed(repository, start)));
  const isNew = newBranch !== undefined && !guessed;
  if (!isNew && commit === undefined) fatal(`invalid reference: ${start}`);
  if (isNew && replaces && !flags.has("force") && resolveBranch(repository, newBranch) !== undefined) {
    refuseSecondCheckout(session, newBranch, { exceptHere: false });
  }
  if (!flags.has("quiet")) announce(session, { branch, isNew, replaces, commit });
  if (isNew) makeBranch(session, { name: newBranch, start, commit, replaces });
  assertFree(session, { root, given, force: flags.has("force") });
  if (branch !== undefined && !isNew && !flags.has("force"))
    refuseSecondCheckout(session, branch, { exceptHere: false });
  const target = commit!;
  const place = makeFolders(session, root);
  // Locked until it is whole: what a kill leaves behind is not pruned.
  const lockPath = posix.join(place.gitFolder, "locked");
  session.files.write(lockPath, flags.has("lock") ? lockText(parsed, "added with --lock") : "initializing\n");
  yield session.work(2_000, "w");
  const added = new Repository(place, session.files, { durable: false });
  const { tree } = added.readCommit(target);
  new WorkTree(added, session.files).change(new Map(), tree);
  yield session.work(1_500, "w");
  session.files.write(added.path("index"), Repository.encodeIndex(tree));
  if (branch === undefined) added.setHeadDetached(target);
  else added.setHeadBranch(branch);
  if (!flags.has("lock")) session.files.remove(lockPath);
  if (!flags.has("quiet"))
    session.print(`HEAD is now at ${abbreviated(target)} ${subjectOf(added.readCommit(target))}`);
  return 0;
}

function announce(
  session: Session,
  what: {
    readonly branch: string | undefined;
    readonly isNew: boolean;
    readonly replaces: boolean;
    readonly commit: ObjectId | undefined;
  },
): void {
  const { branch, isNew, replaces, commit } = what;
  const old = branch === undefined ? undefined : resolveBranch(session.repository, branch);
  let action = `checking out '${branch}'`;
  if (branch === undefined) action = `detached HEAD ${abbreviated(commit!)}`;
  else if (isNew && replaces && old !== undefined) action = `resetting branch '${branch}'; was at ${abbreviated(old)}`;
  else if (isNew) action = `new branch '${branch}'`;
  session.printError(`Preparing worktree (${action})`);
}

/** Done by a `git branch` of its own, whose failure ends with 255. The branch stays when the rest fails. */
function makeBranch(
  session: Session,
  wanted: {
    readonly name: string;
    readonly start: string;
    readonly commit: ObjectId | undefined;
    readonly replaces: boolean;
  },
): void {
  const { name, start, commit } = wanted;
  const refuse = (reason: string): never => {
    throw new GitFailure(BRANCH_FAILED, `fatal: ${reason}`);
  };
  if (!isBranchName(name)) refuse(`'${name}' is not a valid branch name`);
  const exists = resolveBranch(session.repository, name) !== undefined;
  if (exists && !wanted.replaces) refuse(`a branch named '${name}' already exists`);
  if (commit === undefined) refuse(`not a valid object name: '${start}'`);
  try {
    session.repository.setBranch(name, commit!);
  } catch (error) {
    if (error instanceof GitFailure) throw new GitFailure(BRANCH_FAILED, error.message);
    throw error;
  }
}

function assertFree(
  session: Session,
  wanted: { readonly root: string; readonly given: string; readonly force: boolean },
): void {
  const { root, given, force } = wanted;
  const kind = session.files.stat(root)?.kind;
  const isEmpty = kind === "folder" && session.files.list(root).length === 0;
  if (kind !== undefined && !isEmpty) fatal(`'${given}' already exists`);
  const known = listWorktrees(session).find((worktree) => worktree.root === root);
  if (known === undefined) return;
  if (known.isMain) session.unmodelled([given]);
  if (known.lockReason !== undefined) {
    fatal(
      `'${given}' is a missing but locked worktree;\n` +
        "use 'add -f -f' to override, or 'unlock' and 'prune' or 'remove' to clear",
    );
  }
  if (!force) {
    fatal(
      `'${given}' is a missing but already registered worktree;\n` +
        "use 'add -f' to override, or 'prune' or 'remove' to clear",
    );
  }
  removeRegistration(session, known.gitFolder);
}

function makeFolders(session: Session, root: string): RepositoryPlace {
  const { files, repository } = session;
  const { commonFolder } = repository;
  const taken = new Set(linkedNames(session));
  const base = posix.basename(root).replace(/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|^\.|\.$|\.lock$/g, "-");
  let name = base;
  for (let count = 1; taken.has(name); count++) name = `${base}${count}`;
  const gitFolder = posix.join(commonFolder, "worktrees", name);
  files.makeFolder(gitFolder);
  files.makeFolder(root);
  files.write(posix.join(gitFolder, "gitdir"), `${posix.join(root, ".git")}\n`);
  files.write(posix.join(gitFolder, "commondir"), "../..\n");
  files.write(posix.join(root, ".git"), `gitdir: ${gitFolder}\n`);
  files.write(posix.join(gitFolder, "HEAD"), `${"0".repeat(40)}\n`);
  return { root, gitFolder, commonFolder };
}

function* list(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, { flags: { "--porcelain": "porcelain", "-z": "nul" } });
  if (parsed.operands.length > 0) session.unmodelled(args);
  yield session.work(2_500, "r");
  const worktrees = listWorktrees(session);
  if (parsed.flags.has("porcelain")) {
    const end = parsed.flags.has("nul") ? "\0" : "\n";
    for (const worktree of worktrees) {
      session.context.stdout([...porcelainLines(worktree), "", ""].join(end));
    }
    return 0;
  }
  const width = Math.max(...worktrees.map(({ root }) => root.length));
  for (const { root, branch, head, lockReason, prunable } of worktrees) {
    const where = branch === undefined ? "(detached HEAD)" : `[${branch}]`;
    const marks = `${lockReason === undefined ? "" : " locked"}${prunable === undefined ? "" : " prunable"}`;
    session.print(`${root.padEnd(width)}  ${abbreviated(head ?? NO_COMMIT)} ${where}${marks}`);
  }
  return 0;
}

function porcelainLines(worktree: Worktree): readonly string[] {
  const { root, branch, head, lockReason, prunable } = worktree;
  return [
    `worktree ${root}`,
    `HEAD ${head ?? NO_COMMIT}`,
    branch === undefined ? "detached" : `branch refs/heads/${branch}`,
    ...(lockReason === undefined ? [] : [lockReason === "" ? "locked" : `locked ${lockReason}`]),
    ...(prunable === undefined ? [] : [`prunable ${prunable}`]),
  ];
}

function* remove(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, { flags: { "-f": "force", "--force": "force" } });
  const forced = args.filter((arg) => arg === "-f" || arg === "--force").length + (args.includes("-ff") ? 2 : 0);
  const found = named(session, parsed);
  yield session.work(2_500, "w");
  if (found.worktree.isMain) fatal(`'${found.given}' is a main working tree`);
  const { root, gitFolder, lockReason } = found.worktree;
  if (lockReason !== undefined && forced < 2) {
    const reason = lockReason === "" ? ";" : `, lock reason: ${lockReason}`;
    fatal(`cannot remove a locked working tree${reason}\nuse 'remove -f -f' to override or unlock first`);
  }
  const exists = session.files.stat(root) !== null;
  if (exists && session.files.stat(posix.join(root, ".git")) === null) {
    fatal(`validation failed, cannot remove working tree: '${posix.join(root, ".git")}' does not exist`);
  }
  if (exists && forced === 0 && isDirty(session, found.worktree)) {
    fatal(`'${found.given}' contains modified or untracked files, use --force to delete it`);
  }
  yield session.work(1_500, "w");
  if (exists) session.files.remove(root, { recursive: true });
  removeRegistration(session, gitFolder);
  return 0;
}

function isDirty(session: Session, worktree: Worktree): boolean {
  const repository = new Repository(worktree, session.files, { durable: false });
  const index = repository.readIndex();
  const scan = new WorkTree(repository, session.files).scan(index);
  const staged = compareTrees(repository.headTree(), index);
  return staged.length > 0 || scan.untracked.length > 0 || compareWithDisk(index, scan).length > 0;
}

function* prune(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: { "-n": "dry-run", "--dry-run": "dry-run", "-v": "verbose", "--verbose": "verbose" },
  });
  if (parsed.operands.length > 0) session.unmodelled(args);
  yield session.work(2_500, "w");
  const byFolder = [...prunableFolders(session)].toSorted(([left], [right]) => (left < right ? -1 : 1));
  for (const [gitFolder, prunable] of byFolder) {
    if (parsed.flags.size > 0) session.printError(`Removing worktrees/${posix.basename(gitFolder)}: ${prunable}`);
    if (!parsed.flags.has("dry-run")) removeRegistration(session, gitFolder);
  }
  return 0;
}

function* lock(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, { values: { "--reason": "reason" } });
  const { given, worktree } = named(session, parsed);
  yield session.work(2_500, "w");
  if (worktree.isMain) fatal("The main working tree cannot be locked or unlocked");
  if (worktree.lockReason !== undefined) {
    const reason = worktree.lockReason === "" ? "" : `, reason: ${worktree.lockReason}`;
    fatal(`'${given}' is already locked${reason}`);
  }
  session.files.write(posix.join(worktree.gitFolder, "locked"), lockText(parsed, ""));
  return 0;
}

function* unlock(session: Session, args: readonly string[]): GitRun {
  const { given, worktree } = named(session, parseArguments(session, args, {}));
  yield session.work(2_500, "w");
  if (worktree.isMain) fatal("The main working tree cannot be locked or unlocked");
  if (worktree.lockReason === undefined) fatal(`'${given}' is not locked`);
  session.files.remove(posix.join(worktree.gitFolder, "locked"));
  return 0;
}

function lockText(parsed: ParsedArguments, otherwise: string): string {
  const reason = parsed.values.get("reason")?.at(-1) ?? otherwise;
  return reason === "" ? "" : `${reason}\n`;
}

/** By its path, or by the end of it when that is unique. */
function named(session: Session, parsed: ParsedArguments): { readonly given: string; readonly worktree: Worktree } {
  const [given, ...rest] = [...parsed.operands, ...(parsed.afterDashes ?? [])];
  if (given === undefined || rest.length > 0) session.unmodelled(parsed.operands);
  const worktrees = listWorktrees(session);
  const ending = worktrees.filter(({ root }) => root.endsWith(`/${given}`));
  const worktree =
    (ending.length === 1 ? ending[0] : undefined) ??
    worktrees.find(({ root }) => root === resolvedPath(session, given));
  if (worktree === undefined) fatal(`'${given}' is not a working tree`);
  return { given, worktree };
}

/** With links resolved as far as the path exists. */
function resolvedPath(session: Session, given: string): string {
  const path = posix.resolve(session.cwd, given);
  let known = path;
  while (session.files.stat(known) === null) known = posix.dirname(known);
  return posix.join(session.files.realPath(known), path.slice(known.length));
}

function removeRegistration(session: Session, gitFolder: string): void {
  session.files.remove(gitFolder, { recursive: true });
  const folder = posix.dirname(gitFolder);
  if (session.files.list(folder).length === 0) session.files.remove(folder, { recursive: true });
}

function branchNamed(repository: Repository, name: string): string | undefined {
  return resolveBranch(repository, name) === undefined ? undefined : name;
}

function resolveBranch(repository: Repository, name: string): ObjectId | undefined {
  return isBranchName(name) ? repository.branchCommitId(name) : undefined;
}

/** What the exit code -1 of a `git branch` that was run for it becomes. */
const BRANCH_FAILED = 255;
const NO_COMMIT = "0".repeat(40) as ObjectId;
