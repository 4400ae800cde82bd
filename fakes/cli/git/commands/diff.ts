import { parseArguments } from "../arguments.ts";
import { blobReader, changesBetween, diffFlags, diffForm, printDiff } from "../diff-output.ts";
import { fatal } from "../failure.ts";
import { mergeBases } from "../history.ts";
import type { ObjectId, Tree } from "../object.ts";
import { parsePathspecs } from "../pathspec.ts";
import { requireCommit, resolveCommit } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";
import type { Change } from "../tree-change.ts";
import { WorkTree } from "../work-tree.ts";

/**
 * `git diff [--cached] [-p | --stat | --numstat | --shortstat | --summary | --name-only | --name-status | --quiet] [-z]
 * [--exit-code] [--no-renames] [--diff-filter=…] [revision[..[.]revision]] [--] [path…]`.
 */
export function* diff(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      ...diffFlags,
      "--cached": "cached",
      "--staged": "cached",
      "--quiet": "quiet",
      "--exit-code": "exit-code",
    },
    values: { "--diff-filter": "filter" },
  });
  const { flags } = parsed;
  const form = diffForm(parsed, ["patch"]);
  yield session.work(3_000, "r");
  const { revisions, paths } = splitOperands(session, parsed.operands, parsed.afterDashes);
  const pathspecs = parsePathspecs(session, paths);
  const { before, after, onDisk } = sides(session, revisions, flags.has("cached"));
  const readBlob = blobReader(session, onDisk);
  const filter = parsed.values.get("filter")?.at(-1);
  const changes = changesBetween(before, after, { pathspecs, renames: form.renames ? readBlob : undefined }).filter(
    (change) => passes(change, filter),
  );
  if (!flags.has("quiet")) printDiff(session, changes, form, readBlob);
  return (flags.has("quiet") || flags.has("exit-code")) && changes.length > 0 ? 1 : 0;
}

interface Sides {
  readonly before: Tree;
  readonly after: Tree;
  /** Content that may stand in files of the work tree alone. */
  readonly onDisk?: (id: ObjectId) => Uint8Array | undefined;
}

/** Two revisions compare with each other, one with the index or the disk, none HEAD with the index or the index with the disk. */
function sides(session: Session, revisions: readonly string[], cached: boolean): Sides {
  const { repository } = session;
  const ranges = revisions.filter((text) => text.includes(".."));
  if (revisions.length > 2 || (ranges.length > 0 && revisions.length > 1)) session.unmodelled(revisions);
  const named = revisions.flatMap((text) => text.split(/\.{2,3}/));
  const [from, to] = named.map((name) => requireCommit(repository, name === "" ? "HEAD" : name));
  if (from !== undefined && to !== undefined) {
    const start = revisions[0]!.includes("...") ? onlyMergeBase(session, revisions[0]!, [from, to]) : from;
    return { before: repository.readCommit(start).tree, after: repository.readCommit(to).tree };
  }
  const index = repository.readIndex();
  const before = from === undefined ? undefined : repository.readCommit(from).tree;
  if (cached) return { before: before ?? repository.headTree(), after: index };
  const workTree = new WorkTree(repository, session.files);
  const { tracked } = workTree.scan(index);
  const onDisk = (id: ObjectId): Uint8Array | undefined => {
    for (const [path, entry] of tracked) {
      if (entry.id === id) return workTree.content(path, entry.mode === "120000" ? "link" : "file");
    }
    return undefined;
  };
  return { before: before ?? index, after: tracked, onDisk };
}

function onlyMergeBase(session: Session, range: string, [left, right]: readonly [ObjectId, ObjectId]): ObjectId {
  const [base, ...others] = mergeBases(session.repository, left, right);
  if (base === undefined) fatal(`${range}: no merge base`);
  return others.length > 0 ? session.unmodelled([range]) : base;
}

/** Before `--`, operands are revisions as long as they name one; from the first that does not they are paths. */
function splitOperands(
  session: Session,
  operands: readonly string[],
  afterDashes: readonly string[] | undefined,
): { readonly revisions: readonly string[]; readonly paths: readonly string[] } {
  if (afterDashes !== undefined) return { revisions: operands, paths: afterDashes };
  const { repository } = session;
  const isRevision = (text: string): boolean =>
    text.split(/\.{2,3}/).every((name) => resolveCommit(repository, name === "" ? "HEAD" : name) !== undefined);
  const first = operands.findIndex((text) => !isRevision(text));
  const count = first === -1 ? operands.length : first;
  const paths = operands.slice(count);
  const workTree = new WorkTree(repository, session.files);
  for (const { text, path } of parsePathspecs(session, paths)) {
    if (path !== "" && workTree.kindOf(path) === undefined && !/[*?[]/.test(text)) requireCommit(repository, text);
  }
  return { revisions: operands.slice(0, count), paths };
}

/** `--diff-filter`: capital letters select; small ones leave out. */
function passes(change: Change, filter: string | undefined): boolean {
  if (filter === undefined) return true;
  const selected = [...filter].filter((letter) => letter < "a");
  return (selected.length === 0 || selected.includes(change.letter)) && !filter.includes(change.letter.toLowerCase());
}
