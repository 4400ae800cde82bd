import { parseArguments } from "../arguments.ts";
import { fatal, GitFailure } from "../failure.ts";
import { matchesAny, parsePathspecs } from "../pathspec.ts";
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
  const addable = parsed.flags.has("force") ? [...scan.untracked, ...scan.ignored] : scan.untracked;
  requireMatches(pathspecs, [...index.keys(), ...addable], scan);
  const next = new Map(index);
  for (const path of index.keys()) {
    if (!matchesAny(pathspecs, path)) continue;
    const entry = scan.tracked.get(path);
    if (entry === undefined) next.delete(path);
    else next.set(path, entry);
  }
  for (const path of update ? [] : addable) {
    if (!matchesAny(pathspecs, path)) continue;
    const kind = workTree.kindOf(path) ?? "file";
    next.set(path, workTree.entryOf(path, kind));
  }
  for (const [path, entry] of next) {
    if (index.get(path)?.id === entry.id) continue;
    repository.writeBlob(workTree.content(path, entry.mode === "120000" ? "link" : "file"));
  }
  yield session.work(1_500, "w");
  session.writeIndex(next);
  return 0;
}

function requireMatches(pathspecs: readonly Pathspec[], known: readonly string[], scan: WorkTreeScan): void {
  const refused: string[] = [];
  for (const pathspec of pathspecs) {
    if (pathspec.path === "" || known.some((path) => pathspec.matches(path))) continue;
    if (scan.ignored.some((path) => pathspec.matches(path))) refused.push(pathspec.text);
    else fatal(`pathspec '${pathspec.text}' did not match any files`);
  }
  if (refused.length === 0) return;
  throw new GitFailure(
    1,
    `The following paths are ignored by one of your .gitignore files:\n${refused.join("\n")}\n` +
      "hint: Use -f if you really want to add them.",
  );
}
