import { keepsUnicode } from "./diff-output.ts";
import { detachedText } from "./detached-head.ts";
import { quotedPath } from "./quoted-path.ts";
import type { Session } from "./session.ts";
import type { Change } from "./tree-change.ts";

export interface LongStatus {
  /** Between HEAD and the index. */
  readonly staged: readonly Change[];
  /** Between the index and the disk. */
  readonly unstaged: readonly Change[];
  /** Paths, folders with a slash at the end; undefined when they were not asked for. */
  readonly untracked: readonly string[] | undefined;
}

/** What `git status` says to people, and `git commit` when there is nothing to commit. */
export function longStatusText(
  session: Session,
  status: LongStatus,
  options: { readonly committing: boolean },
): string {
  const { repository } = session;
  const branch = repository.headBranch();
  const initial = repository.headCommitId() === undefined;
  const { staged, unstaged, untracked } = status;
  const title =
    branch === undefined ? (detachedText(repository) ?? "Not currently on any branch.") : `On branch ${branch}`;
  const lines = [title];
  if (initial) lines.push("", options.committing ? "Initial commit" : "No commits yet", "");
  const path = (text: string): string => shownPath(session, text);
  const change = (entry: Change): string =>
    `${LABELS[entry.letter].padEnd(12)}${entry.letter === "R" ? `${path(entry.from)} -> ` : ""}${path(entry.path)}`;
  const section = (heading: string, advice: readonly string[], entries: readonly string[]): void => {
    if (entries.length === 0) return;
    lines.push(`${heading}:`, ...advice.map((text) => `  (${text})`), ...entries.map((entry) => `\t${entry}`), "");
  };
  section(
    "Changes to be committed",
    [`use "git ${initial ? "rm --cached" : "restore --staged"} <file>..." to unstage`],
    staged.map(change),
  );
  const removal = unstaged.some((entry) => entry.letter === "D");
  section(
    "Changes not staged for commit",
    [
      `use "git ${removal ? "add/rm" : "add"} <file>..." to update what will be committed`,
      'use "git restore <file>..." to discard changes in working directory',
    ],
    unstaged.map(change),
  );
  section(
    "Untracked files",
    ['use "git add <file>..." to include in what will be committed'],
    (untracked ?? []).map(path),
  );
  if (untracked === undefined && staged.length > 0) {
    lines.push("Untracked files not listed (use -u option to show untracked files)");
  }
  if (staged.length === 0) lines.push(conclusion(status, initial));
  return lines.map((line) => `${line}\n`).join("");
}

function conclusion({ unstaged, untracked }: LongStatus, initial: boolean): string {
  if (unstaged.length > 0) return 'no changes added to commit (use "git add" and/or "git commit -a")';
  if (untracked === undefined) return "nothing to commit (use -u to show untracked files)";
  if (untracked.length > 0) return 'nothing added to commit but untracked files present (use "git add" to track)';
  return initial
    ? 'nothing to commit (create/copy files and use "git add" to track)'
    : "nothing to commit, working tree clean";
}

/** From where the command runs. */
function shownPath(session: Session, path: string): string {
  const keepUnicode = keepsUnicode(session);
  return quotedPath(session.relative(path), { keepUnicode });
}

const LABELS: Readonly<Record<Change["letter"], string>> = {
  A: "new file:",
  M: "modified:",
  D: "deleted:",
  R: "renamed:",
  T: "typechange:",
};
