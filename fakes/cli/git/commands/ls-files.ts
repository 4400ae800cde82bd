import { keepsUnicode } from "../diff-output.ts";
import { parseArguments } from "../arguments.ts";
import { GitFailure } from "../failure.ts";
import { sameEntry } from "../object.ts";
import { matchesAny, parsePathspecs, warnOfMissingFolder } from "../pathspec.ts";
import { quotedPath } from "../quoted-path.ts";
import type { GitRun, Session } from "../session.ts";
import { WorkTree } from "../work-tree.ts";

/** `git ls-files [-z] [-s] [-c] [-o [--exclude-standard]] [-m] [-d] [--error-unmatch] [path…]`, below where it runs. */
export function* lsFiles(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "-z": "nul",
      "-s": "stage",
      "--stage": "stage",
      "-c": "cached",
      "--cached": "cached",
      "-o": "others",
      "--others": "others",
      "--exclude-standard": "exclude",
      "-m": "modified",
      "--modified": "modified",
      "-d": "deleted",
      "--deleted": "deleted",
      "--error-unmatch": "error-unmatch",
    },
  });
  const { flags } = parsed;
  const { repository } = session;
  const given = [...parsed.operands, ...(parsed.afterDashes ?? [])];
  const pathspecs = parsePathspecs(session, given.length === 0 ? ["."] : given);
  yield session.work(2_500, "r");
  const index = repository.readIndex();
  const scan = new WorkTree(repository, session.files).scan(index);
  const selected: string[] = [];
  if (flags.has("others")) warnOfMissingFolder(session, pathspecs);
  if (flags.has("others")) selected.push(...scan.untracked, ...(flags.has("exclude") ? [] : scan.ignored));
  const special = flags.has("others") || flags.has("modified") || flags.has("deleted");
  if (flags.has("cached") || !special) selected.push(...index.keys());
  for (const [path, entry] of index) {
    const onDisk = scan.tracked.get(path);
    if (flags.has("deleted") && onDisk === undefined) selected.push(path);
    if (flags.has("modified") && (onDisk === undefined || !sameEntry(onDisk, entry))) selected.push(path);
  }
  if (flags.has("error-unmatch")) {
    const missing = pathspecs.find((pathspec) => !selected.some((path) => pathspec.matches(path)));
    if (missing !== undefined) {
      throw new GitFailure(
        1,
        `error: pathspec '${missing.text}' did not match any file(s) known to git\nDid you forget to 'git add'?`,
      );
    }
  }
  const keepUnicode = keepsUnicode(session);
  for (const path of selected.toSorted()) {
    if (!matchesAny(pathspecs, path)) continue;
    const seen = session.relative(path);
    const shown = flags.has("nul") ? seen : quotedPath(seen, { keepUnicode });
    const entry = index.get(path);
    const stage = flags.has("stage") && entry !== undefined ? `${entry.mode} ${entry.id} 0\t` : "";
    session.context.stdout(`${stage}${shown}${flags.has("nul") ? "\0" : "\n"}`);
  }
  return 0;
}
