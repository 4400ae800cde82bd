import { parseArguments } from "../arguments.ts";
import { commitStyle } from "../commit-text.ts";
import { diffFlags, diffForm } from "../diff-output.ts";
import { compareTrees } from "../difference.ts";
import { fatal } from "../failure.ts";
import { escaped } from "../glob.ts";
import { history } from "../history.ts";
import { isMerge } from "../object.ts";
import type { Commit, ObjectId } from "../object.ts";
import { matchesAny, parsePathspecs } from "../pathspec.ts";
import type { Pathspec } from "../pathspec.ts";
import type { Repository } from "../repository.ts";
import { refuseRevision, requireCommit, resolveCommit } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";
import { printCommitDiff } from "./show.ts";

/**
 * `git log [--oneline | --format=<format>] [-z] [-n <count>] [--grep=<pattern>] [-F | -E] [-i] [--reverse]
 * [--first-parent] [--merges | --no-merges] [-p | --stat | --name-only | …] [revision | revision..revision] [-- path…]`.
 */
export function* log(session: Session, args: readonly string[]): GitRun {
  const normalised = args.map((arg) => (/^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg));
  const parsed = parseArguments(session, normalised, {
    flags: {
      ...diffFlags,
      "--oneline": "oneline",
      "--first-parent": "first-parent",
      "--merges": "merges",
      "--no-merges": "no-merges",
      "-F": "fixed",
      "--fixed-strings": "fixed",
      "-E": "extended",
      "--extended-regexp": "extended",
      "-i": "ignore-case",
      "--regexp-ignore-case": "ignore-case",
      "--reverse": "reverse",
      "--no-decorate": "no-decorate",
    },
    values: { "-n": "count", "--max-count": "count", "--grep": "grep", "--format": "format", "--pretty": "format" },
  });
  const { flags, operands } = parsed;
  const form = diffForm(parsed, []);
  const style = commitStyle(parsed.values.get("format")?.at(-1), flags.has("oneline"));
  if (style === undefined || operands.length > 1 || operands[0]?.includes("...") === true) session.unmodelled(args);
  if (form.parts.length > 0 && (style.kind === "separated" || form.nul)) session.unmodelled(args);
  yield session.work(3_000, "r");
  const { repository } = session;
  const pathspecs = parsePathspecs(session, parsed.afterDashes ?? []);
  const patterns = (parsed.values.get("grep") ?? []).map((pattern) => grepExpression(pattern, flags));
  const countMax = Number(parsed.values.get("count")?.at(-1) ?? Infinity);
  const found: (readonly [ObjectId, Commit])[] = [];
  for (const id of commitsOf(session, operands[0], { pathspecs, firstParent: flags.has("first-parent") })) {
    if (found.length >= countMax) break;
    const commit = repository.readCommit(id);
    if (patterns.length > 0 && !patterns.some((pattern) => pattern.test(commit.message))) continue;
    if (pathspecs.length > 0 && !touches(repository, commit, pathspecs, flags.has("first-parent"))) continue;
    if (flags.has(isMerge(commit) ? "no-merges" : "merges")) continue;
    found.push([id, commit]);
  }
  const ordered = flags.has("reverse") ? found.toReversed() : found;
  ordered.forEach(([id, commit], index) => {
    const text = style.text(id, commit) ?? session.unmodelled(args);
    const end = flags.has("nul") ? "\0" : "\n";
    const between = style.kind === "medium" || style.kind === "separated";
    if (between && index > 0) session.context.stdout(end);
    // A last line of its own ends even where commits are separated by something else.
    if (style.kind === "medium") session.print(text);
    else session.context.stdout(style.kind === "separated" ? text : `${text}${end}`);
    printCommitDiff(session, commit, { form, pathspecs, kind: style.kind, combined: false });
  });
  return 0;
}

/** Newest first. With paths, of a merge only the parent is followed that has them as the merge does, if there is one. */
function commitsOf(
  session: Session,
  range: string | undefined,
  options: { readonly pathspecs: readonly Pathspec[]; readonly firstParent: boolean },
): Generator<ObjectId> {
  const { repository } = session;
  const parentsOf = (_: ObjectId, commit: Commit): readonly ObjectId[] => {
    if (options.firstParent) return commit.parents.slice(0, 1);
    if (options.pathspecs.length === 0) return commit.parents;
    const same = commit.parents.find((parent) => !differs(repository, parent, commit, options.pathspecs));
    return same === undefined ? commit.parents : [same];
  };
  if (range === undefined || !range.includes("..")) {
    const tip = range === undefined ? repository.headCommitId() : requireCommit(repository, range);
    if (tip === undefined) fatal(`your current branch '${repository.headBranch()}' does not have any commits yet`);
    return history(repository, [tip], { parentsOf });
  }
  const [excluded, included] = range.split("..").map((name) => resolveCommit(repository, name === "" ? "HEAD" : name));
  if (excluded === undefined || included === undefined) return refuseRevision(range);
  return history(repository, [included], { without: [excluded], parentsOf });
}

/** A merge counts when it differs from each of its parents. */
function touches(
  repository: Repository,
  commit: Commit,
  pathspecs: readonly Pathspec[],
  firstParent: boolean,
): boolean {
  const parents = firstParent ? commit.parents.slice(0, 1) : commit.parents;
  if (parents.length === 0) return [...commit.tree.keys()].some((path) => matchesAny(pathspecs, path));
  return parents.every((parent) => differs(repository, parent, commit, pathspecs));
}

function differs(repository: Repository, parent: ObjectId, commit: Commit, pathspecs: readonly Pathspec[]): boolean {
  const before = repository.readCommit(parent).tree;
  return compareTrees(before, commit.tree).some((change) => matchesAny(pathspecs, change.path));
}

/** Over single lines of the message. In a basic expression `+ ? | ( ) { }` stand for themselves unless escaped. */
function grepExpression(pattern: string, flags: ReadonlySet<string>): RegExp {
  const source = flags.has("fixed")
    ? escaped(pattern)
    : flags.has("extended")
      ? pattern
      : pattern.replace(/\\?[+?|(){}]/g, (match) => (match.length === 2 ? match.slice(1) : `\\${match}`));
  return new RegExp(source, flags.has("ignore-case") ? "mi" : "m");
}
