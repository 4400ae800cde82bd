import { keepsUnicode } from "../diff-output.ts";
import { parseArguments } from "../arguments.ts";
import { compareTrees } from "../difference.ts";
import { longStatusText } from "../long-status.ts";
import type { LongStatus } from "../long-status.ts";
import type { ObjectId, Tree } from "../object.ts";
import { matchesAny, parsePathspecs, warnOfMissingFolder } from "../pathspec.ts";
import { quotedPath } from "../quoted-path.ts";
import type { GitRun, Session } from "../session.ts";
import { WorkTree } from "../work-tree.ts";
import type { WorkTreeScan } from "../work-tree.ts";

/** `git status [--porcelain[=v1] | -s] [-z] [-b] [-uno | -uall | -unormal] [--no-renames] [pathspec…]`. */
export function* status(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "--porcelain": "porcelain",
      "--porcelain=v1": "porcelain",
      "-s": "short",
      "--short": "short",
      "-z": "nul",
      "-b": "branch",
      "--branch": "branch",
      "-uno": "no",
      "-unormal": "normal",
      "-uall": "all",
      "-u": "all",
      "--no-renames": "no-renames",
    },
    values: { "--untracked-files": "untracked" },
  });
  const { flags } = parsed;
  const nul = flags.has("nul");
  const untracked = parsed.values.get("untracked")?.at(-1) ?? (["no", "all"] as const).find((mode) => flags.has(mode));
  const { repository } = session;
  const pathspecs = parsePathspecs(session, [...parsed.operands, ...(parsed.afterDashes ?? [])]);
  yield session.work(3_500, "r");
  if (!flags.has("porcelain") && !flags.has("short") && !nul) {
    if (pathspecs.length > 0 || flags.has("branch") || untracked === "all" || flags.has("no-renames")) {
      session.unmodelled(args);
    }
    const long = readLongStatus(session);
    const shownUntracked = untracked === "no" ? undefined : long.untracked;
    session.context.stdout(longStatusText(session, { ...long, untracked: shownUntracked }, { committing: false }));
    return 0;
  }
  if (untracked !== "no") warnOfMissingFolder(session, pathspecs);
  const entries = readStatus(session, { renames: !flags.has("no-renames") });
  const keepUnicode = keepsUnicode(session);
  // Without `--porcelain`, paths are shown from where the command runs.
  const shown = (path: string): string => {
    const seen = flags.has("porcelain") || nul ? path : session.relative(path);
    return nul ? seen : quotedPath(seen, { spaces: true, keepUnicode });
  };
  const lines: string[] = [];
  if (flags.has("branch")) {
    const branch = repository.headBranch();
    const unborn = repository.headCommitId() === undefined ? "No commits yet on " : "";
    lines.push(`## ${unborn}${branch ?? "HEAD (no branch)"}`);
  }
  for (const entry of entries.changed) {
    if (!matchesAny(pathspecs, entry.path)) continue;
    const code = `${entry.staged}${entry.unstaged}`;
    if (entry.from === undefined) lines.push(`${code} ${shown(entry.path)}`);
    else if (nul) lines.push(`${code} ${entry.path}`, entry.from);
    else lines.push(`${code} ${shown(entry.from)} -> ${shown(entry.path)}`);
  }
  const others =
    untracked === "no" ? [] : untracked === "all" ? entries.scan.untracked : collapsed(entries.scan, pathspecs);
  for (const path of others) if (pathspecs.length === 0 || matchesFolderOrPath(path)) lines.push(`?? ${shown(path)}`);
  for (const line of lines) session.context.stdout(`${line}${nul ? "\0" : "\n"}`);
  return 0;

  function matchesFolderOrPath(path: string): boolean {
    return pathspecs.some((pathspec) => pathspec.matches(path.replace(/\/$/, "")) || pathspec.matches(path));
  }
}

export interface StatusEntry {
  readonly path: string;
  /** Where a staged rename came from. */
  readonly from: string | undefined;
  /** Between HEAD and the index: ` `, `A`, `M`, `D`, `T`, `R`. */
  readonly staged: string;
  /** Between the index and the disk: ` `, `M`, `D`, `T`. */
  readonly unstaged: string;
}

export interface Status {
  /** By path in code-unit order. */
  readonly changed: readonly StatusEntry[];
  readonly scan: WorkTreeScan;
}

function readStatus(session: Session, options: { readonly renames: boolean }): Status {
  const { repository } = session;
  const index = repository.readIndex();
  const scan = new WorkTree(repository, session.files).scan(index);
  const renames = options.renames
    ? { renames: (id: Parameters<typeof repository.readBlob>[0]) => repository.readBlob(id) }
    : {};
  const staged = new Map(compareTrees(repository.headTree(), index, renames).map((change) => [change.path, change]));
  const unstaged = new Map(compareWithDisk(index, scan).map((change) => [change.path, change]));
  const paths = new Set([...staged.keys(), ...unstaged.keys()]);
  const changed = [...paths].toSorted().map((path): StatusEntry => {
    const stagedChange = staged.get(path);
    return {
      path,
      from: stagedChange?.letter === "R" ? stagedChange.from : undefined,
      staged: stagedChange?.letter ?? " ",
      unstaged: unstaged.get(path)?.letter ?? " ",
    };
  });
  return { changed, scan };
}

export function readLongStatus(session: Session): LongStatus {
  const { repository } = session;
  const index = repository.readIndex();
  const scan = new WorkTree(repository, session.files).scan(index);
  const renames = (id: ObjectId): Uint8Array => repository.readBlob(id);
  return {
    staged: compareTrees(repository.headTree(), index, { renames }),
    unstaged: compareWithDisk(index, scan),
    untracked: collapsed(scan, []),
  };
}

/** What stands on disk for each indexed path; untracked files are no change. */
export function compareWithDisk(index: Tree, scan: WorkTreeScan): ReturnType<typeof compareTrees> {
  return compareTrees(index, scan.tracked);
}

/** Untracked files, with a folder in which nothing is indexed as one line. */
function collapsed(scan: WorkTreeScan, pathspecs: ReturnType<typeof parsePathspecs>): readonly string[] {
  const shown = new Set<string>();
  for (const path of scan.untracked) {
    const folder = scan.untrackedFolders.get(path);
    // A pathspec below the folder keeps it from being shown as a whole.
    const whole = folder !== undefined && matchesAny(pathspecs, folder);
    if (whole) shown.add(`${folder}/`);
    else if (matchesAny(pathspecs, path)) shown.add(path);
  }
  return [...shown].toSorted();
}
