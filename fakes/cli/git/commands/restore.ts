import { parseArguments } from "../arguments.ts";
import { fatal, GitFailure } from "../failure.ts";
import type { ObjectId, Tree } from "../object.ts";
import { matchesAny, parsePathspecs } from "../pathspec.ts";
import type { Repository } from "../repository.ts";
import { resolveCommit } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";
import { WorkTree } from "../work-tree.ts";

/** `git restore [-S] [-W] [-s <revision>] [-q] [--] <path>…`: from the index to the disk, or with `-S` from HEAD to the index. */
export function* restore(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "-S": "staged",
      "--staged": "staged",
      "-W": "worktree",
      "--worktree": "worktree",
      "-q": "quiet",
      "--quiet": "quiet",
    },
    values: { "-s": "source", "--source": "source" },
  });
  const { repository } = session;
  const pathspecs = parsePathspecs(session, [...parsed.operands, ...(parsed.afterDashes ?? [])]);
  if (pathspecs.length === 0) fatal("you must specify path(s) to restore");
  const staged = parsed.flags.has("staged");
  const onDisk = parsed.flags.has("worktree") || !staged;
  const revision = parsed.values.get("source")?.at(-1);
  if (staged && revision === undefined && repository.headCommitId() === undefined) fatal("could not resolve HEAD");
  session.lockIndex();
  yield session.work(2_000, "w");
  const index = repository.readIndex();
  const source: Tree =
    revision !== undefined
      ? repository.readCommit(sourceCommit(repository, revision)).tree
      : staged
        ? repository.headTree()
        : index;
  for (const pathspec of pathspecs) {
    if ([...source.keys(), ...index.keys()].some((path) => pathspec.matches(path))) continue;
    throw new GitFailure(1, `error: pathspec '${pathspec.text}' did not match any file(s) known to git`);
  }
  const next = new Map(index);
  const workTree = new WorkTree(repository, session.files);
  for (const path of new Set([...index.keys(), ...source.keys()])) {
    if (!matchesAny(pathspecs, path)) continue;
    const entry = source.get(path);
    if (staged) {
      if (entry === undefined) next.delete(path);
      else next.set(path, entry);
    }
    if (!onDisk) continue;
    if (entry === undefined) workTree.remove(path);
    else workTree.write(path, entry);
  }
  yield session.work(1_500, "w");
  session.writeIndex(next);
  return 0;
}

function sourceCommit(repository: Repository, name: string): ObjectId {
  return resolveCommit(repository, name) ?? fatal(`could not resolve ${name}`);
}
