import { digest64 } from "../../../../src/base/digest.ts";
import type { GitChange } from "../../changes.ts";
import { parseArguments } from "../arguments.ts";
import { compareTrees } from "../difference.ts";
import { GitFailure } from "../failure.ts";
import { subjectOf } from "../object.ts";
import type { Commit, ObjectId, Signature, Tree } from "../object.ts";
import { abbreviated } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";
import { WorkTree } from "../work-tree.ts";

/**
 * `git commit -m <text>… [-q] [-a] [--allow-empty] [--no-verify]`, in the order of real git: lock, commit object, branch,
 * index. A kill between the last two leaves a commit that counts and a lock. Line counts are not printed.
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
    explainEmptyCommit(session, parent, index);
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
    if (changes.length > 0) session.print(` ${changes.length} file${changes.length === 1 ? "" : "s"} changed`);
  }
  return 0;
}

/** From the environment, else the configuration. Real git may guess one from the host; this one never does. */
function identity(session: Session, role: "AUTHOR" | "COMMITTER"): Signature {
  const { env } = session.context;
  const name = env[`GIT_${role}_NAME`] ?? session.config("user.name");
  const email = env[`GIT_${role}_EMAIL`] ?? session.config("user.email");
  if (name !== undefined && name !== "" && email !== undefined) {
    return { name, email, atSeconds: Math.floor(session.context.nowMs() / 1000) };
  }
  throw new GitFailure(
    128,
    `${role === "AUTHOR" ? "Author" : "Committer"} identity unknown\n\n` +
      "*** Please tell me who you are.\n\nRun\n\n" +
      '  git config --global user.email "you@example.com"\n' +
      '  git config --global user.name "Your Name"\n\n' +
      "to set your account's default identity.\n\n" +
      "fatal: unable to auto-detect email address",
  );
}

/** Each `-m` is a paragraph; blank lines at the ends, doubled blank lines and trailing blanks go. */
function cleanMessage(texts: readonly string[]): string {
  const lines = texts
    .join("\n\n")
    .split("\n")
    .map((line) => line.replace(/[ \t\r\f\v]+$/, ""));
  const cleaned = lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\n+$/g, "");
  return cleaned === "" ? "" : `${cleaned}\n`;
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

function explainEmptyCommit(session: Session, parent: ObjectId | undefined, index: Tree): void {
  const { repository } = session;
  const scan = new WorkTree(repository, session.files).scan(index);
  const branch = repository.headBranch();
  session.print(branch === undefined ? `HEAD detached at ${abbreviated(parent!)}` : `On branch ${branch}`);
  if (parent === undefined) session.print("\nInitial commit\n");
  const unstaged = compareTrees(index, scan.tracked);
  if (unstaged.length > 0) {
    session.print("Changes not staged for commit:");
    for (const change of unstaged)
      session.print(`\t${change.letter === "D" ? "deleted: " : "modified:"}   ${change.path}`);
    session.print("\nno changes added to commit");
  } else if (scan.untracked.length > 0) {
    session.print("Untracked files:");
    for (const path of scan.untracked) session.print(`\t${path}`);
    session.print("\nnothing added to commit but untracked files present");
  } else session.print("nothing to commit, working tree clean");
}

function changedDigests(session: Session, before: Tree, after: Tree): Readonly<Record<string, string | null>> {
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
