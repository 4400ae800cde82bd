import { parseArguments } from "../arguments.ts";
import { formatCommit } from "../commit-format.ts";
import { compareTrees } from "../difference.ts";
import { fatal } from "../failure.ts";
import { escaped } from "../glob.ts";
import type { Commit, ObjectId } from "../object.ts";
import { matchesAny, parsePathspecs } from "../pathspec.ts";
import type { Pathspec } from "../pathspec.ts";
import type { Repository } from "../repository.ts";
import { ancestry, requireCommit } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";

/**
 * `git log --oneline | --format=<format> [-z] [-n <count>] [--grep=<pattern>] [-F | -E] [-i] [--reverse]
 * [revision | revision..revision] [-- path…]`. The default format is not modelled.
 */
export function* log(session: Session, args: readonly string[]): GitRun {
  const normalised = args.map((arg) => (/^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg));
  const parsed = parseArguments(session, normalised, {
    flags: {
      "--oneline": "oneline",
      "-z": "nul",
      "-F": "fixed",
      "--fixed-strings": "fixed",
      "-E": "extended",
      "--extended-regexp": "extended",
      "-i": "ignore-case",
      "--regexp-ignore-case": "ignore-case",
      "--reverse": "reverse",
      "--no-color": "no-color",
      "--no-decorate": "no-decorate",
    },
    values: { "-n": "count", "--max-count": "count", "--grep": "grep", "--format": "format", "--pretty": "format" },
  });
  const { flags, operands } = parsed;
  const given = parsed.values.get("format")?.at(-1);
  const format = flags.has("oneline") || given === "oneline" ? "%h %s" : given;
  if (format === undefined || operands.length > 1 || operands[0]?.includes("...") === true) session.unmodelled(args);
  yield session.work(3_000, "r");
  const { repository } = session;
  const pathspecs = parsePathspecs(session, parsed.afterDashes ?? []);
  const patterns = (parsed.values.get("grep") ?? []).map((pattern) => grepExpression(pattern, flags));
  const countMax = Number(parsed.values.get("count")?.at(-1) ?? Infinity);
  const found: (readonly [ObjectId, Commit])[] = [];
  for (const id of commitsOf(repository, operands[0])) {
    if (found.length >= countMax) break;
    const commit = repository.readCommit(id);
    if (patterns.length > 0 && !patterns.some((pattern) => pattern.test(commit.message))) continue;
    if (pathspecs.length > 0 && !touches(repository, commit, pathspecs)) continue;
    found.push([id, commit]);
  }
  // `tformat:` ends each commit with the separator, `format:` and a bare text stand as git reads them.
  const separatorOnly = format.startsWith("format:");
  const template = format.replace(/^t?format:/, "");
  const lines = (flags.has("reverse") ? found.toReversed() : found).map(
    ([id, commit]) => formatCommit(template, id, commit) ?? session.unmodelled(args),
  );
  const separator = flags.has("nul") ? "\0" : "\n";
  if (lines.length === 0) return 0;
  session.context.stdout(lines.join(separator) + (separatorOnly ? "" : separator));
  return 0;
}

function* commitsOf(repository: Repository, range: string | undefined): Generator<ObjectId> {
  if (range === undefined || !range.includes("..")) {
    const tip = range === undefined ? repository.headCommitId() : requireCommit(repository, range);
    if (tip === undefined) fatal(`your current branch '${repository.headBranch()}' does not have any commits yet`);
    yield* ancestry(repository, tip);
    return;
  }
  const [excluded = "", included = ""] = range
    .split("..")
    .map((name) => requireCommit(repository, name === "" ? "HEAD" : name));
  const known = new Set(ancestry(repository, excluded as ObjectId));
  for (const id of ancestry(repository, included as ObjectId)) if (!known.has(id)) yield id;
}

function touches(repository: Repository, commit: Commit, pathspecs: readonly Pathspec[]): boolean {
  const parent = commit.parents[0];
  const before = parent === undefined ? new Map() : repository.readCommit(parent).tree;
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
