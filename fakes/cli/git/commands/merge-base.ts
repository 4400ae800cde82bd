import { parseArguments } from "../arguments.ts";
import { fatal } from "../failure.ts";
import { isAncestor, mergeBases } from "../history.ts";
import { resolveCommit } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";

/** `git merge-base [-a] <revision> <revision>`, `--is-ancestor <revision> <revision>`. */
export function* mergeBase(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: { "-a": "all", "--all": "all", "--is-ancestor": "is-ancestor" },
  });
  if (parsed.operands.length !== 2) session.unmodelled(args);
  yield session.work(2_500, "r");
  const { repository } = session;
  const [left, right] = parsed.operands.map(
    (name) => resolveCommit(repository, name) ?? fatal(`Not a valid object name ${name}`),
  );
  if (parsed.flags.has("is-ancestor")) return isAncestor(repository, left!, right!) ? 0 : 1;
  const bases = mergeBases(repository, left!, right!);
  for (const id of parsed.flags.has("all") ? bases : bases.slice(0, 1)) session.print(id);
  return bases.length > 0 ? 0 : 1;
}
