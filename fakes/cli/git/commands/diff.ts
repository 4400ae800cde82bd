import { parseArguments } from "../arguments.ts";
import { compareTrees } from "../difference.ts";
import type { ObjectId, Tree } from "../object.ts";
import { matchesAny, parsePathspecs } from "../pathspec.ts";
import { quotedPath } from "../quoted-path.ts";
import { requireCommit, resolveCommit } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";
import type { Change } from "../tree-change.ts";
import { WorkTree } from "../work-tree.ts";

/**
 * `git diff [--cached] --name-only | --name-status | --quiet [-z] [--exit-code] [--no-renames] [--diff-filter=…]
 * [revision[..revision]] [--] [path…]`. A patch as text is not modelled.
 */
export function* diff(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "--cached": "cached",
      "--staged": "cached",
      "--name-only": "names",
      "--name-status": "status",
      "--quiet": "quiet",
      "--exit-code": "exit-code",
      "-z": "nul",
      "--no-renames": "no-renames",
    },
    values: { "--diff-filter": "filter" },
  });
  const { flags } = parsed;
  if (!flags.has("names") && !flags.has("status") && !flags.has("quiet")) session.unmodelled(args);
  yield session.work(3_000, "r");
  const { repository } = session;
  const { revisions, paths } = splitOperands(session, parsed.operands, parsed.afterDashes);
  const pathspecs = parsePathspecs(session, paths);
  const [before, after] = sides(session, revisions, flags.has("cached"));
  const renames = flags.has("no-renames") ? {} : { renames: (id: ObjectId) => repository.readBlob(id) };
  // Paths are limited before renames are sought, as git does: a rename across the limit is an addition.
  const limited = (tree: Tree): Tree => new Map([...tree].filter(([path]) => matchesAny(pathspecs, path)));
  const filter = parsed.values.get("filter")?.at(-1);
  const changes = compareTrees(limited(before), limited(after), renames).filter((change) => passes(change, filter));
  if (!flags.has("quiet")) printChanges(session, changes, { nul: flags.has("nul"), status: flags.has("status") });
  return (flags.has("quiet") || flags.has("exit-code")) && changes.length > 0 ? 1 : 0;
}

export function printChanges(
  session: Session,
  changes: readonly Change[],
  form: { readonly nul: boolean; readonly status: boolean },
): void {
  const keepUnicode = session.config("core.quotepath") === "false";
  const shown = (path: string): string => (form.nul ? path : quotedPath(path, { keepUnicode }));
  for (const change of changes) {
    const renamed = change.letter === "R";
    const letter = renamed ? `R${String(change.similarityPercent).padStart(3, "0")}` : change.letter;
    const fields = form.status
      ? [letter, ...(renamed ? [shown(change.from)] : []), shown(change.path)]
      : [shown(change.path)];
    session.context.stdout(form.nul ? `${fields.join("\0")}\0` : `${fields.join("\t")}\n`);
  }
}

/** Two revisions compare with each other, one with the index or the disk, none HEAD with the index or the index with the disk. */
function sides(session: Session, revisions: readonly string[], cached: boolean): readonly [Tree, Tree] {
  const { repository } = session;
  const named = revisions.flatMap((text) => (text.includes("..") ? text.split("..") : [text]));
  if (named.length > 2 || revisions.some((text) => text.includes("..."))) session.unmodelled(revisions);
  const [from, to] = named.map(
    (name) => repository.readCommit(requireCommit(repository, name === "" ? "HEAD" : name)).tree,
  );
  if (from !== undefined && to !== undefined) return [from, to];
  const index = repository.readIndex();
  if (cached) return [from ?? repository.headTree(), index];
  const scan = new WorkTree(repository, session.files).scan(index);
  return [from ?? index, scan.tracked];
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
    text.split("..").every((name) => resolveCommit(repository, name === "" ? "HEAD" : name) !== undefined);
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
