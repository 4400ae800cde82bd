import type { GitChange } from "../../changes.ts";
import { parseArguments } from "../arguments.ts";
import { cleanMessage, identity } from "../authorship.ts";
import { blobReader, changesBetween, printDiff } from "../diff-output.ts";
import { compareTrees } from "../difference.ts";
import { fatal, GitFailure } from "../failure.ts";
import { isAncestor, mergeBases } from "../history.ts";
import { mergeTrees } from "../merge-trees.ts";
import type { Commit, ObjectId, Tree } from "../object.ts";
import { abbreviated, resolveCommit } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";
import { planSwitch } from "../switch-tree.ts";
import { WorkTree } from "../work-tree.ts";
import { changedDigests } from "./commit.ts";

/**
 * `git merge [-q] [--ff | --no-ff | --ff-only] [--no-edit] [-m <text>…] <revision>`, `--abort`: fast-forward, and a merge
 * of two sides that changed different files. When both changed one file, or criss-cross merges went before, the run ends
 * as not modelled, before anything is changed.
 */
export function* merge(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "-q": "quiet",
      "--quiet": "quiet",
      "--ff": "ff",
      "--no-ff": "no-ff",
      "--ff-only": "ff-only",
      "--no-edit": "no-edit",
      "--no-verify": "no-verify",
      "--no-gpg-sign": "no-gpg-sign",
      "--stat": "stat",
      "-n": "no-stat",
      "--no-stat": "no-stat",
      "--abort": "abort",
    },
    values: { "-m": "message" },
  });
  const { flags, operands } = parsed;
  const { repository } = session;
  // A merge that stops half-way is not modelled, so there is never one to go back from.
  if (flags.has("abort") && operands.length === 0) fatal("There is no merge to abort (MERGE_HEAD missing).");
  const [name, ...rest] = operands;
  if (flags.has("abort") || name === undefined || rest.length > 0 || parsed.afterDashes !== undefined)
    session.unmodelled(args);
  yield session.work(2_000, "r");
  const head = repository.headCommitId();
  if (head === undefined && flags.has("no-ff")) fatal("Non-fast-forward commit does not make sense into an empty head");
  const other = resolveCommit(repository, name);
  if (other === undefined) throw new GitFailure(1, `merge: ${name} - not something we can merge`);
  if (head === undefined) session.unmodelled(args);
  if (isAncestor(repository, other, head)) {
    if (!flags.has("quiet")) session.print("Already up to date.");
    return 0;
  }
  const how = { name, head, other, quiet: flags.has("quiet"), stat: !flags.has("quiet") && !flags.has("no-stat") };
  const texts = parsed.values.get("message");
  if (isAncestor(repository, head, other) && !flags.has("no-ff")) {
    return yield* fastForward(session, how, texts !== undefined);
  }
  if (flags.has("ff-only")) {
    fatal("Not possible to fast-forward, aborting.");
  }
  return yield* mergeSides(session, how, texts);
}

interface Wanted {
  readonly name: string;
  readonly head: ObjectId;
  readonly other: ObjectId;
  readonly quiet: boolean;
  readonly stat: boolean;
}

function* fastForward(session: Session, { head, other, quiet, stat }: Wanted, ignoresMessage: boolean): GitRun {
  const { repository } = session;
  if (!quiet) session.print(`Updating ${abbreviated(head)}..${abbreviated(other)}`);
  session.lockIndex();
  yield session.work(2_000, "w");
  const [before, after] = [repository.readCommit(head).tree, repository.readCommit(other).tree];
  const plan = planSwitch(session, before, after, "fast-forward");
  if (!quiet) session.print(`Fast-forward${ignoresMessage ? " (no commit created; -m option ignored)" : ""}`);
  new WorkTree(repository, session.files).change(plan.from, plan.to);
  yield session.work(1_500, "w");
  session.writeIndex(plan.index);
  moveHead(session, other);
  if (stat) printStat(session, before, after);
  return 0;
}

function* mergeSides(session: Session, wanted: Wanted, texts: readonly string[] | undefined): GitRun {
  const { head, other } = wanted;
  const { repository } = session;
  const [ours, theirs] = [repository.readCommit(head).tree, repository.readCommit(other).tree];
  const [base, ...others] = mergeBases(repository, head, other);
  if (base === undefined) fatal("refusing to merge unrelated histories");
  const merged =
    others.length > 0
      ? ({ kind: "conflict", path: "several merge bases" } as const)
      : mergeTrees(repository.readCommit(base).tree, ours, theirs, blobReader(session));
  if (merged.kind === "conflict") session.unmodelled([wanted.name, merged.path]);
  const [author, committer] = [identity(session, "AUTHOR"), identity(session, "COMMITTER")];
  session.lockIndex();
  yield session.work(2_000, "w");
  const staged = compareTrees(ours, repository.readIndex()).map((change) => change.path);
  if (staged.length > 0) {
    throw new GitFailure(
      2,
      `error: Your local changes to the following files would be overwritten by merge:\n  ${staged.join(" ")}\n` +
        "Merge with strategy ort failed.",
    );
  }
  const plan = planSwitch(session, ours, merged.tree, "merge");
  new WorkTree(repository, session.files).change(plan.from, plan.to);
  const message = cleanMessage(texts ?? [defaultMessage(session, wanted.name)]);
  const made: Commit = { tree: merged.tree, parents: [head, other], author, committer, message };
  const id = repository.writeCommit(made);
  yield session.work(1_500, "w");
  session.writeIndex(plan.index);
  moveHead(session, id);
  session.context.record({
    store: "git",
    type: "commit",
    repository: repository.root,
    branch: repository.headBranch() ?? "HEAD",
    commit: id,
    message: message.trimEnd(),
    changed: changedDigests(session, ours, merged.tree),
  } satisfies GitChange);
  if (!wanted.quiet) session.print("Merge made by the 'ort' strategy.");
  if (wanted.stat) printStat(session, ours, merged.tree);
  return 0;
}

function moveHead(session: Session, id: ObjectId): void {
  const { repository } = session;
  const branch = repository.headBranch();
  if (branch === undefined) repository.setHeadDetached(id);
  else repository.setBranch(branch, id);
}

function printStat(session: Session, before: Tree, after: Tree): void {
  const readBlob = blobReader(session);
  const changes = changesBetween(before, after, { pathspecs: [], renames: readBlob });
  printDiff(session, changes, { parts: ["stat", "summary"], nul: false, renames: true }, readBlob);
}

function defaultMessage(session: Session, name: string): string {
  const { repository } = session;
  const branch = repository.headBranch() ?? "HEAD";
  const into = branch === "master" || branch === "main" ? "" : ` into ${branch}`;
  const [base, back = ""] = name.split("~");
  if (repository.branches().includes(base!) && /^\d*$/.test(back)) {
    const isTip = base === name || back === "0";
    return `Merge branch '${base}'${isTip ? "" : " (early part)"}${into}`;
  }
  if (!repository.tags().includes(name)) return `Merge commit '${name}'${into}`;
  const annotation = repository.readTag(repository.referenceId(`refs/tags/${name}`)!);
  return `Merge tag '${name}'${into}${annotation === undefined ? "" : `\n\n${annotation.message}`}`;
}
