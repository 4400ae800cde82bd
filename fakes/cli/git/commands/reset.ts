import { parseArguments } from "../arguments.ts";
import { compareTrees } from "../difference.ts";
import { fatal } from "../failure.ts";
import { sameEntry, subjectOf } from "../object.ts";
import type { Tree } from "../object.ts";
import { matchesAny, parsePathspecs } from "../pathspec.ts";
import { abbreviated, requireCommit, resolveCommit } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";
import { WorkTree } from "../work-tree.ts";

/** `git reset [-q] [--soft | --mixed | --hard] [revision]`, `git reset [-q] [revision] [--] <path>…`. */
export function* reset(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: { "-q": "quiet", "--quiet": "quiet", "--soft": "soft", "--mixed": "mixed", "--hard": "hard" },
  });
  const { flags } = parsed;
  const { repository } = session;
  const first = parsed.operands[0];
  const unbornHead = (first === "HEAD" || first === "@") && repository.headCommitId() === undefined;
  const named = first !== undefined && !unbornHead && resolveCommit(repository, first) !== undefined;
  const revision = named ? first : "HEAD";
  if (unbornHead) requireCommit(repository, first);
  const paths = [...(named ? parsed.operands.slice(1) : parsed.operands), ...(parsed.afterDashes ?? [])];
  const pathspecs = parsePathspecs(session, paths);
  const workTree = new WorkTree(repository, session.files);
  for (const { text, path } of parsed.afterDashes === undefined ? pathspecs : []) {
    const known = repository.readIndex().has(path) || repository.headTree().has(path);
    if (!known && path !== "" && workTree.kindOf(path) === undefined) requireCommit(repository, text);
  }
  const mode = ["hard", "soft"].find((name) => flags.has(name));
  if (pathspecs.length > 0 && mode !== undefined) fatal(`Cannot do ${mode} reset with paths.`);
  const unborn = revision === "HEAD" && repository.headCommitId() === undefined;
  const commit = unborn ? undefined : requireCommit(repository, revision);
  session.lockIndex();
  yield session.work(2_000, "w");
  const target: Tree = commit === undefined ? new Map() : repository.readCommit(commit).tree;
  const index = repository.readIndex();
  const next = new Map(index);
  if (!flags.has("soft")) {
    for (const path of new Set([...index.keys(), ...target.keys()])) {
      if (!matchesAny(pathspecs, path)) continue;
      const entry = target.get(path);
      if (entry === undefined) next.delete(path);
      else next.set(path, entry);
    }
  }
  if (flags.has("hard")) overwrite(workTree, index, target);
  yield session.work(1_500, "w");
  session.writeIndex(next);
  if (pathspecs.length === 0 && commit !== undefined) {
    const branch = repository.headBranch();
    if (branch === undefined) repository.setHeadDetached(commit);
    else repository.setBranch(branch, commit);
  }
  yield session.work(1_000, "r");
  if (flags.has("quiet")) return 0;
  if (flags.has("hard") && commit !== undefined) {
    session.print(`HEAD is now at ${abbreviated(commit)} ${subjectOf(repository.readCommit(commit))}`);
  } else if (!flags.has("soft")) {
    const changes = compareTrees(next, workTree.scan(next).tracked);
    if (changes.length > 0) session.print("Unstaged changes after reset:");
    for (const change of changes) session.print(`${change.letter}\t${change.path}`);
  }
  return 0;
}

/** Untracked files stay, unless a file of the target stands at their path. */
function overwrite(workTree: WorkTree, index: Tree, target: Tree): void {
  const { tracked } = workTree.scan(index);
  for (const path of index.keys()) if (!target.has(path)) workTree.remove(path);
  for (const [path, entry] of target) {
    const onDisk = tracked.get(path);
    if (onDisk === undefined || !sameEntry(onDisk, entry)) workTree.write(path, entry);
  }
}
