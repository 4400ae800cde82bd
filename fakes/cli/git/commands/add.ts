import { parseArguments } from "../arguments.ts";
import { fatal } from "../failure.ts";
import { matchesAny, parsePathspecs, warnOfMissingFolder } from "../pathspec.ts";
import type { Pathspec } from "../pathspec.ts";
import type { GitRun, Session } from "../session.ts";
import { WorkTree } from "../work-tree.ts";
import type { WorkTreeScan } from "../work-tree.ts";

/** `git add [-A] [-u] [-f] [--] <pathspec>…`: new and changed files, and removals below what is named. */
export function* add(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: { "-A": "all", "--all": "all", "-u": "update", "--update": "update", "-f": "force", "--force": "force" },
  });
  const pathspecs = parsePathspecs(session, [...parsed.operands, ...(parsed.afterDashes ?? [])]);
  const { repository } = session;
  const update = parsed.flags.has("update");
  if (pathspecs.length === 0 && !parsed.flags.has("all") && !update) {
    session.printError("Nothing specified, nothing added.\nhint: Maybe you wanted to say 'git add .'?");
    return 0;
  }
  session.lockIndex();
  yield session.work(2_500, "w");
  const workTree = new WorkTree(repository, session.files);
  const index = repository.readIndex();
  const scan = workTree.scan(index);
  for (const { text, path } of pathspecs) {
    if (path !== "" && workTree.isBeyondLink(path)) fatal(`pathspec '${text}' is beyond a symbolic link`);
  }
  if (!update) warnOfMissingFolder(session, pathspecs);
  const addable = parsed.flags.has("force") ? [...scan.untracked, ...scan.ignored] : scan.untracked;
  const refused = parsed.flags.has("force") ? [] : ignoredAmong(pathspecs, scan);
  for (const { text, path, matches } of pathspecs) {
    const known = path === "" || [...index.keys()].some(matches) || addable.some(matches);
    if (!known && workTree.kindOf(path) === undefined) fatal(`pathspec '${text}' did not match any files`);
  }
  const next = new Map(index);
  for (const path of index.keys()) {
    if (!matchesAny(pathspecs, path)) continue;
    const entry = scan.tracked.get(path);
    if (entry === undefined) next.delete(path);
    else next.set(path, entry);
  }
  for (const path of update ? [] : addable) {
    if (!matchesAny(pathspecs, path)) continue;
    if (path.endsWith("/")) session.unmodelled(["another repository inside", path]);
    const kind = workTree.kindOf(path) ?? "file";
    next.set(path, workTree.entryOf(path, kind));
  }
  for (const [path, entry] of next) {
    if (index.get(path)?.id === entry.id) continue;
    repository.writeBlob(workTree.content(path, entry.mode === "120000" ? "link" : "file"));
  }
  yield session.work(1_500, "w");
  session.writeIndex(next);
  if (refused.length === 0) return 0;
  session.printError(
    `The following paths are ignored by one of your .gitignore files:\n${refused.join("\n")}\n` +
      "hint: Use -f if you really want to add them.",
  );
  return 1;
}

/** Those that name an ignored file or folder, or something inside one. Others may hold ignored files, which are passed over. */
function ignoredAmong(pathspecs: readonly Pathspec[], scan: WorkTreeScan): readonly string[] {
  const isIgnored = ({ path }: Pathspec): boolean =>
    scan.ignoredTops.some((top) => path === top || path.startsWith(`${top}/`));
  return pathspecs.filter(isIgnored).map((pathspec) => pathspec.text);
}
