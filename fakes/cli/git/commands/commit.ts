import { digest64 } from "../../../../src/base/digest.ts";
import type { GitChange } from "../../changes.ts";
import { parseArguments } from "../arguments.ts";
import { cleanMessage, identity } from "../authorship.ts";
import { blobReader, changesBetween, printDiff } from "../diff-output.ts";
import { compareTrees } from "../difference.ts";
import { GitFailure } from "../failure.ts";
import { longStatusText } from "../long-status.ts";
import { subjectOf } from "../object.ts";
import type { Commit, ObjectId, Tree } from "../object.ts";
import { abbreviated } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";
import { WorkTree } from "../work-tree.ts";
import { readLongStatus } from "./status.ts";

/**
 * `git commit -m <text>… [-q] [-a] [--allow-empty] [--no-verify]`, in the order of real git: lock, commit object, branch,
 * index. A kill between the last two leaves a commit that counts and a lock.
 */
export function* commit(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "-q": "quiet",
      "--quiet": "quiet",
      "-a": "all",
      "--all": "all",
      "--allow-empty": "allow-empty",
      "--no-verify": "no-verify",
      "-n": "no-verify",
      "--no-gpg-sign": "no-gpg-sign",
    },
    values: { "-m": "message", "--message": "message" },
  });
  const texts = parsed.values.get("message");
  if (texts === undefined || parsed.operands.length > 0 || parsed.afterDashes !== undefined) session.unmodelled(args);
  const { repository } = session;
  session.lockIndex();
  yield session.work(2_000, "w");
  const staged = repository.readIndex();
  const index = parsed.flags.has("all") ? stageTracked(session, staged) : staged;
  const author = identity(session, "AUTHOR");
  const committer = identity(session, "COMMITTER");
  const parent = repository.headCommitId();
  const before = repository.headTree();
  const changes = compareTrees(before, index);
  if (changes.length === 0 && !parsed.flags.has("allow-empty")) {
    session.context.stdout(longStatusText(session, readLongStatus(session), { committing: true }));
    return 1;
  }
  const message = cleanMessage(texts);
  if (message === "") throw new GitFailure(1, "Aborting commit due to empty commit message.");
  const made: Commit = { tree: index, parents: parent === undefined ? [] : [parent], author, committer, message };
  const id = repository.writeCommit(made);
  yield session.work(1_500, "w");
  const branch = repository.headBranch();
  if (branch === undefined) repository.setHeadDetached(id);
  else repository.setBranch(branch, id);
  session.context.record({
    store: "git",
    type: "commit",
    repository: repository.root,
    branch: branch ?? "HEAD",
    commit: id,
    message: message.trimEnd(),
    changed: changedDigests(session, before, index),
  } satisfies GitChange);
  yield session.work(1_000, "w");
  session.writeIndex(index);
  if (!parsed.flags.has("quiet")) {
    const root = parent === undefined ? " (root-commit)" : "";
    session.print(`[${branch ?? "detached HEAD"}${root} ${abbreviated(id)}] ${subjectOf(made)}`);
    printSummary(session, before, index);
  }
  return 0;
}

function stageTracked(session: Session, index: Tree): Tree {
  const { repository } = session;
  const workTree = new WorkTree(repository, session.files);
  const { tracked } = workTree.scan(index);
  for (const [path, entry] of tracked) {
    if (index.get(path)?.id === entry.id) continue;
    repository.writeBlob(workTree.content(path, entry.mode === "120000" ? "link" : "file"));
  }
  return new Map([...index.keys()].flatMap((path) => (tracked.has(path) ? [[path, tracked.get(path)!] as const] : [])));
}

/** Under the title of a new commit: the sum of its changes, and files that come, go or move. */
function printSummary(session: Session, before: Tree, after: Tree): void {
  const readBlob = blobReader(session);
  const changes = changesBetween(before, after, { pathspecs: [], renames: readBlob });
  printDiff(session, changes, { parts: ["shortstat", "summary"], nul: false, renames: true }, readBlob);
}

export function changedDigests(session: Session, before: Tree, after: Tree): Readonly<Record<string, string | null>> {
  const digests: Record<string, string | null> = {};
  for (const change of compareTrees(before, after)) {
    const removed = change.letter === "D" || change.letter === "R";
    digests[change.path] = removed ? null : digest64(blobText(session, change.after.id));
  }
  return digests;
}

function blobText(session: Session, id: ObjectId): string {
  return Buffer.from(session.repository.readBlob(id)).toString();
}
