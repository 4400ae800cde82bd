import { parseArguments } from "../arguments.ts";
import { fatal, GitFailure } from "../failure.ts";
import { sameEntry } from "../object.ts";
import { parsePathspecs } from "../pathspec.ts";
import type { GitRun, Session } from "../session.ts";
import { WorkTree } from "../work-tree.ts";

/** `git rm [--cached] [-r] [-f] [-q] [--ignore-unmatch] [--] <path>…`. */
export function* rm(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "--cached": "cached",
      "-r": "recursive",
      "-f": "force",
      "--force": "force",
      "-q": "quiet",
      "--quiet": "quiet",
      "--ignore-unmatch": "ignore-unmatch",
    },
  });
  const { flags } = parsed;
  const { repository } = session;
  const pathspecs = parsePathspecs(session, [...parsed.operands, ...(parsed.afterDashes ?? [])]);
  if (pathspecs.length === 0) fatal("No pathspec was given. Which files should I remove?");
  session.lockIndex();
  yield session.work(2_000, "w");
  const index = repository.readIndex();
  const removed = new Set<string>();
  for (const pathspec of pathspecs) {
    const matching = [...index.keys()].filter((path) => pathspec.matches(path));
    if (matching.length === 0 && !flags.has("ignore-unmatch"))
      fatal(`pathspec '${pathspec.text}' did not match any files`);
    const isFolder = matching.some(
      (path) => path !== pathspec.path && (pathspec.path === "" || path.startsWith(`${pathspec.path}/`)),
    );
    if (isFolder && !flags.has("recursive")) fatal(`not removing '${pathspec.text}' recursively without -r`);
    for (const path of matching) removed.add(path);
  }
  if (!flags.has("force")) refuseLossOfWork(session, removed, flags.has("cached"));
  const workTree = new WorkTree(repository, session.files);
  const next = new Map(index);
  for (const path of [...removed].toSorted()) {
    next.delete(path);
    if (!flags.has("cached")) workTree.remove(path);
    if (!flags.has("quiet")) session.print(`rm '${path}'`);
  }
  yield session.work(1_500, "w");
  session.writeIndex(next);
  return 0;
}

/** A path may go when the index holds what HEAD or, with `--cached`, the disk holds, and the disk holds what the index does. */
function refuseLossOfWork(session: Session, paths: ReadonlySet<string>, cached: boolean): void {
  const { repository } = session;
  const index = repository.readIndex();
  const head = repository.headTree();
  const { tracked } = new WorkTree(repository, session.files).scan(index);
  for (const path of paths) {
    const staged = index.get(path)!;
    const committed = head.get(path);
    const onDisk = tracked.get(path);
    const stagedDiffers = committed === undefined || !sameEntry(staged, committed);
    const diskDiffers = onDisk !== undefined && !sameEntry(onDisk, staged);
    if (onDisk === undefined) continue;
    if (stagedDiffers && diskDiffers) {
      refuse(path, "has staged content different from both the\nfile and the HEAD", "use -f to force removal");
    }
    if (cached) continue;
    if (stagedDiffers)
      refuse(path, "has changes staged in the index", "use --cached to keep the file, or -f to force removal");
    if (diskDiffers) refuse(path, "has local modifications", "use --cached to keep the file, or -f to force removal");
  }
}

function refuse(path: string, reason: string, advice: string): never {
  throw new GitFailure(1, `error: the following file ${reason}:\n    ${path}\n(${advice})`);
}
