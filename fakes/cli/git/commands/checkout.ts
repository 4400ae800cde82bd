import { parseArguments } from "../arguments.ts";
import { keepsUnicode } from "../diff-output.ts";
import { compareTrees } from "../difference.ts";
import { fatal, GitFailure } from "../failure.ts";
import { printDetachedAdvice, printLeaving } from "../detached-head.ts";
import { subjectOf } from "../object.ts";
import type { ObjectId, Tree } from "../object.ts";
import { matchesAny, parsePathspecs } from "../pathspec.ts";
import { quotedPath } from "../quoted-path.ts";
import { abbreviated, isBranchName, resolveCommit } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";
import { planSwitch } from "../switch-tree.ts";
import { WorkTree } from "../work-tree.ts";
import { refuseSecondCheckout } from "../worktrees.ts";

/**
 * `git checkout [-q] [--detach] <branch | revision>`, `git checkout [-q] -b | -B <branch> [start]`,
 * `git checkout [revision] [--] <path>…`. Files change on disk first, then the index, then HEAD.
 */
export function* checkout(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: { "-q": "quiet", "--quiet": "quiet", "--detach": "detach" },
    values: { "-b": "create", "-B": "reset" },
  });
  const { operands, afterDashes } = parsed;
  const quiet = parsed.flags.has("quiet");
  const reset = parsed.values.get("reset")?.at(-1);
  const created = reset ?? parsed.values.get("create")?.at(-1);
  if (created !== undefined) {
    if (operands.length > 1 || afterDashes !== undefined) session.unmodelled(args);
    return yield* createBranch(session, { branch: created, start: operands[0], quiet, replace: reset !== undefined });
  }
  if (afterDashes !== undefined && afterDashes.length > 0) {
    if (operands.length > 1) session.unmodelled(args);
    return yield* checkoutPaths(session, { source: operands[0], paths: afterDashes, quiet: true });
  }
  const name = operands[0];
  if (name === undefined) session.unmodelled(args);
  const commit = resolveCommit(session.repository, name);
  if (commit === undefined) {
    if (parsed.flags.has("detach")) fatal(`git checkout: --detach does not take a path argument '${name}'`);
    return yield* checkoutPaths(session, { source: undefined, paths: operands, quiet });
  }
  if (operands.length > 1) return yield* checkoutPaths(session, { source: name, paths: operands.slice(1), quiet });
  return yield* switchTo(session, { name, commit, quiet, detach: parsed.flags.has("detach") });
}

function* switchTo(
  session: Session,
  wanted: {
    readonly name: string;
    readonly commit: ObjectId;
    readonly quiet: boolean;
    readonly detach: boolean;
  },
): GitRun {
  const { repository } = session;
  const { name, commit, quiet, detach } = wanted;
  const isBranch = isBranchName(name) && repository.branchCommitId(name) !== undefined;
  const branch = isBranch && !detach ? name : undefined;
  const current = repository.headBranch();
  const left = repository.headCommitId();
  const stays = branch === undefined && !detach && (name === "HEAD" || name === "@");
  if (branch !== undefined && branch !== current) refuseSecondCheckout(session, branch, { exceptHere: true });
  session.lockIndex();
  yield session.work(2_000, "w");
  const target = repository.readCommit(commit).tree;
  const plan = planSwitch(session, repository.headTree(), target);
  new WorkTree(repository, session.files).change(plan.from, plan.to);
  yield session.work(1_500, "w");
  session.writeIndex(plan.index);
  if (branch !== undefined) repository.setHeadBranch(branch);
  else if (!stays) repository.setHeadDetached(commit, isBranch ? `refs/heads/${name}` : name);
  yield session.work(1_000, "r");
  if (quiet) return 0;
  printLocalChanges(session, target, plan.index);
  if (stays) return 0;
  if (current === undefined && left !== commit) printLeaving(session, left!, commit);
  if (branch !== undefined) {
    session.printError(branch === current ? `Already on '${branch}'` : `Switched to branch '${branch}'`);
    return 0;
  }
  if (current !== undefined && !detach) printDetachedAdvice(session, name);
  session.printError(`HEAD is now at ${abbreviated(commit)} ${subjectOf(repository.readCommit(commit))}`);
  return 0;
}

function* createBranch(
  session: Session,
  wanted: {
    readonly branch: string;
    readonly start: string | undefined;
    readonly quiet: boolean;
    readonly replace: boolean;
  },
): GitRun {
  const { repository } = session;
  const { branch } = wanted;
  if (!isBranchName(branch)) fatal(`'${branch}' is not a valid branch name`);
  const existing = repository.branchCommitId(branch);
  if (existing !== undefined && !wanted.replace) fatal(`a branch named '${branch}' already exists`);
  const head = repository.headCommitId();
  const current = repository.headBranch();
  const commit = wanted.start === undefined ? head : resolveCommit(repository, wanted.start);
  if (commit === undefined && wanted.start !== undefined) {
    fatal(`'${wanted.start}' is not a commit and a branch '${branch}' cannot be created from it`);
  }
  if (commit === undefined) {
    // Before the first commit a branch is no more than a name in HEAD.
    yield session.work(1_500, "w");
    repository.setHeadBranch(branch);
    if (!wanted.quiet) session.printError(`Switched to a new branch '${branch}'`);
    return 0;
  }
  session.lockIndex();
  yield session.work(2_000, "w");
  const target = repository.readCommit(commit).tree;
  const plan = planSwitch(session, repository.headTree(), target);
  new WorkTree(repository, session.files).change(plan.from, plan.to);
  yield session.work(1_500, "w");
  session.writeIndex(plan.index);
  repository.setBranch(branch, commit);
  repository.setHeadBranch(branch);
  yield session.work(1_000, "r");
  if (wanted.quiet) return 0;
  if (wanted.start !== undefined || wanted.replace) printLocalChanges(session, target, plan.index);
  if (current === undefined && head !== undefined && head !== commit) printLeaving(session, head, commit);
  const action = branch === current ? "Reset branch" : "Switched to and reset branch";
  session.printError(existing === undefined ? `Switched to a new branch '${branch}'` : `${action} '${branch}'`);
  return 0;
}

function* checkoutPaths(
  session: Session,
  wanted: { readonly source: string | undefined; readonly paths: readonly string[]; readonly quiet: boolean },
): GitRun {
  const { repository } = session;
  const pathspecs = parsePathspecs(session, wanted.paths);
  const commit = wanted.source === undefined ? undefined : resolveCommit(repository, wanted.source);
  if (commit === undefined && wanted.source !== undefined) fatal(`invalid reference: ${wanted.source}`);
  session.lockIndex();
  yield session.work(2_000, "w");
  const index = repository.readIndex();
  const source: Tree = commit === undefined ? index : repository.readCommit(commit).tree;
  for (const pathspec of pathspecs) {
    if ([...source.keys()].some((path) => pathspec.matches(path))) continue;
    throw new GitFailure(1, `error: pathspec '${pathspec.text}' did not match any file(s) known to git`);
  }
  const workTree = new WorkTree(repository, session.files);
  const { tracked } = workTree.scan(index);
  let updated = 0;
  for (const [path, entry] of [...source].filter(([candidate]) => matchesAny(pathspecs, candidate))) {
    const onDisk = tracked.get(path);
    const staged = index.get(path);
    if (onDisk?.id !== entry.id || onDisk.mode !== entry.mode) workTree.write(path, entry);
    if (commit !== undefined || onDisk?.id !== entry.id) updated += 1;
    if (staged?.id !== entry.id || staged.mode !== entry.mode) index.set(path, entry);
  }
  yield session.work(1_500, "w");
  session.writeIndex(index);
  if (!wanted.quiet) {
    const from = commit === undefined ? "the index" : abbreviated(commit);
    session.printError(`Updated ${updated} path${updated === 1 ? "" : "s"} from ${from}`);
  }
  return 0;
}

/** Changes that were carried over: of the index and the disk together, against the new commit. */
function printLocalChanges(session: Session, target: Tree, index: Tree): void {
  const { tracked } = new WorkTree(session.repository, session.files).scan(index);
  const keepUnicode = keepsUnicode(session);
  for (const change of compareTrees(target, tracked)) {
    session.print(`${change.letter}\t${quotedPath(change.path, { keepUnicode })}`);
  }
}
