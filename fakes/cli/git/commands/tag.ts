import { parseArguments } from "../arguments.ts";
import type { ParsedArguments } from "../arguments.ts";
import { cleanMessage, identity } from "../authorship.ts";
import { fatal, GitFailure } from "../failure.ts";
import { globExpression } from "../glob.ts";
import { isAncestor } from "../history.ts";
import { abbreviated, isBranchName, resolveCommit, resolveObject } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";

/**
 * `git tag [-l [pattern…]] [--points-at <revision>] [--contains <revision>]`, `[-f] <name> [revision]`,
 * `[-a] [-f] -m <text>… <name> [revision]`, `-d <name>…`.
 */
export function* tag(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "-l": "list",
      "--list": "list",
      "-f": "force",
      "--force": "force",
      "-a": "annotate",
      "--annotate": "annotate",
      "-d": "delete",
      "--delete": "delete",
    },
    values: {
      "-m": "message",
      "--message": "message",
      "--points-at": "points-at",
      "--contains": "contains",
    },
  });
  const { flags, values } = parsed;
  if (flags.has("delete")) return yield* removeTags(session, parsed.operands);
  const lists = flags.has("list") || values.has("points-at") || values.has("contains");
  if (lists || parsed.operands.length === 0) return yield* listTags(session, parsed);
  return yield* makeTag(session, parsed);
}

function* listTags(session: Session, { operands, values }: ParsedArguments): GitRun {
  const { repository } = session;
  yield session.work(2_500, "r");
  const named = (option: string) =>
    (values.get(option) ?? []).map(
      (name) => resolveCommit(repository, name) ?? fail(129, `error: malformed object name ${name}`),
    );
  const [pointsAt, contains] = [named("points-at"), named("contains")];
  const patterns = operands.map((pattern) => globExpression(pattern, { acrossFolders: false }));
  for (const name of repository.tags()) {
    const commit = resolveCommit(repository, `refs/tags/${name}`)!;
    if (patterns.length > 0 && !patterns.some((pattern) => pattern.test(name))) continue;
    if (pointsAt.length > 0 && !pointsAt.includes(commit)) continue;
    if (contains.length > 0 && !contains.some((id) => isAncestor(repository, id, commit))) continue;
    session.print(name);
  }
  return 0;
}

function* makeTag(session: Session, { operands, flags, values }: ParsedArguments): GitRun {
  const { repository } = session;
  const [name, revision = "HEAD", ...rest] = operands;
  const texts = values.get("message");
  // Without a text an editor would open.
  if (rest.length > 0 || (flags.has("annotate") && texts === undefined)) session.unmodelled(operands);
  yield session.work(2_500, "w");
  const target = resolveObject(repository, revision);
  if (target === undefined) fatal(`Failed to resolve '${revision}' as a valid ref.`);
  if (!isBranchName(name!)) fatal(`'${name}' is not a valid tag name.`);
  const reference = `refs/tags/${name}`;
  const old = repository.referenceId(reference);
  if (old !== undefined && !flags.has("force")) fatal(`tag '${name}' already exists`);
  if (texts === undefined) repository.setReference(reference, target);
  else {
    if (repository.readTag(target) !== undefined) session.unmodelled(operands);
    const message = cleanMessage(texts);
    const tagger = identity(session, "COMMITTER");
    repository.setReference(reference, repository.writeTag({ name: name!, commit: target, tagger, message }));
  }
  const made = repository.referenceId(reference);
  if (old !== undefined && old !== made) session.print(`Updated tag '${name}' (was ${abbreviated(old)})`);
  return 0;
}

function* removeTags(session: Session, names: readonly string[]): GitRun {
  const { repository } = session;
  yield session.work(2_500, "w");
  let exitCode = 0;
  for (const name of names) {
    const reference = `refs/tags/${name}`;
    const id = isBranchName(name) ? repository.referenceId(reference) : undefined;
    if (id === undefined) {
      session.printError(`error: tag '${name}' not found.`);
      exitCode = 1;
      continue;
    }
    repository.removeReference(reference);
    session.print(`Deleted tag '${name}' (was ${abbreviated(id)})`);
  }
  return exitCode;
}

function fail(exitCode: number, message: string): never {
  throw new GitFailure(exitCode, message);
}
