import { parseArguments } from "../arguments.ts";
import { commitStyle, tagText } from "../commit-text.ts";
import type { CommitStyle } from "../commit-text.ts";
import { blobReader, changesBetween, diffFlags, diffForm, printDiff } from "../diff-output.ts";
import type { DiffForm } from "../diff-output.ts";
import { fatal } from "../failure.ts";
import { isMerge, sameEntry } from "../object.ts";
import type { Commit, Tree } from "../object.ts";
import { parsePathspecs } from "../pathspec.ts";
import type { Pathspec } from "../pathspec.ts";
import { refuseMissingPath, requireCommit, resolveObject, resolvePath } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";
import type { Change } from "../tree-change.ts";

/**
 * `git show <revision>:<path>`, `git show [-s | -p | --stat | --name-only | --name-status | …] [--oneline |
 * --format=<format>] [revision] [-- path…]`. Of a merge, files that differ from all parents are not modelled.
 */
export function* show(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: { ...diffFlags, "--oneline": "oneline" },
    values: { "--format": "format", "--pretty": "format" },
  });
  const form = diffForm(parsed, ["patch"]);
  const [name = "HEAD", ...rest] = parsed.operands;
  if (rest.length > 0) session.unmodelled(args);
  yield session.work(3_000, "r");
  const { repository } = session;
  if (name.includes(":")) {
    const entry = resolvePath(repository, name);
    if (entry === undefined) refuseMissingPath(name, session.isOnDisk(name.slice(name.indexOf(":") + 1)));
    session.context.stdout(repository.readBlob(entry.id));
    return 0;
  }
  const style = commitStyle(parsed.values.get("format")?.at(-1), parsed.flags.has("oneline"));
  if (style === undefined) session.unmodelled(args);
  const pathspecs = parsePathspecs(session, parsed.afterDashes ?? []);
  if (parsed.operands.length === 0 && repository.headCommitId() === undefined) {
    fatal(`your current branch '${repository.headBranch()}' does not have any commits yet`);
  }
  const id = requireCommit(repository, name);
  const object = resolveObject(repository, name);
  const tag = object === undefined ? undefined : repository.readTag(object);
  const commit = repository.readCommit(id);
  const text = style.text(id, commit);
  if (text === undefined) session.unmodelled(args);
  if (tag !== undefined) session.print(tagText(tag));
  if (text !== "") session.print(text);
  printCommitDiff(session, commit, { form, pathspecs, kind: style.kind, combined: true });
  return 0;
}

/** The changes against the first parent; of a merge, when they are asked for, those against all parents. */
export function printCommitDiff(
  session: Session,
  commit: Commit,
  options: {
    readonly form: DiffForm;
    readonly pathspecs: readonly Pathspec[];
    readonly kind: CommitStyle["kind"];
    readonly combined: boolean;
  },
): void {
  const { form, kind } = options;
  if (form.parts.length === 0 || (isMerge(commit) && !options.combined)) return;
  const readBlob = blobReader(session);
  const renames = form.renames ? readBlob : undefined;
  const trees = commit.parents.map((parent) => session.repository.readCommit(parent).tree);
  const before: Tree = trees[0] ?? new Map();
  let changes = changesBetween(before, commit.tree, { pathspecs: options.pathspecs, renames });
  const counted = form.parts.filter((part) => COUNTS.has(part));
  if (isMerge(commit)) {
    if (changes.some((change) => differsFromAll(change, commit.tree, trees))) {
      session.unmodelled(["a merge with changes of its own"]);
    }
    if (counted.length === 0) changes = [];
  }
  if (changes.length === 0) {
    if (isMerge(commit) && kind !== "oneline") session.print("");
    return;
  }
  if (kind !== "oneline") session.print("");
  printDiff(session, changes, isMerge(commit) ? { ...form, parts: counted } : form, readBlob);
}

function differsFromAll(change: Change, tree: Tree, parents: readonly Tree[]): boolean {
  const own = tree.get(change.path);
  return parents.every((parent) => {
    const theirs = parent.get(change.path);
    return own === undefined || theirs === undefined ? own !== theirs : !sameEntry(own, theirs);
  });
}

/** They are told of a merge as well, against its first parent. */
const COUNTS: ReadonlySet<string> = new Set(["numstat", "stat", "shortstat", "summary"]);
