import { parseArguments } from "../arguments.ts";
import { formatCommit } from "../commit-format.ts";
import { compareTrees } from "../difference.ts";
import { fatal } from "../failure.ts";
import type { ObjectId } from "../object.ts";
import { requireCommit, resolvePath } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";
import { printChanges } from "./diff.ts";

/** `git show <revision>:<path>`, `git show -s | --name-only | --name-status --format=<format> [revision]`. */
export function* show(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "-s": "no-patch",
      "--no-patch": "no-patch",
      "--name-only": "names",
      "--name-status": "status",
      "-z": "nul",
    },
    values: { "--format": "format", "--pretty": "format" },
  });
  const { flags } = parsed;
  const [name = "HEAD", ...rest] = parsed.operands;
  if (rest.length > 0 || parsed.afterDashes !== undefined) session.unmodelled(args);
  yield session.work(3_000, "r");
  const { repository } = session;
  if (name.includes(":")) {
    const entry = resolvePath(repository, name);
    const [revision, path] = [name.slice(0, name.indexOf(":")), name.slice(name.indexOf(":") + 1)];
    if (entry === undefined) fatal(`path '${path}' does not exist in '${revision}'`);
    session.context.stdout(repository.readBlob(entry.id));
    return 0;
  }
  const format = parsed.values.get("format")?.at(-1);
  const listed = flags.has("names") || flags.has("status");
  if (format === undefined || (!listed && !flags.has("no-patch"))) session.unmodelled(args);
  const id = requireCommit(repository, name);
  const commit = repository.readCommit(id);
  const text = formatCommit(format.replace(/^t?format:/, ""), id, commit);
  if (text === undefined) session.unmodelled(args);
  if (text !== "") session.print(text);
  if (!listed) return 0;
  if (text !== "") session.print("");
  const parent = commit.parents[0];
  const before = parent === undefined ? new Map() : repository.readCommit(parent).tree;
  const changes = compareTrees(before, commit.tree, { renames: (blob: ObjectId) => repository.readBlob(blob) });
  printChanges(session, changes, { nul: flags.has("nul"), status: flags.has("status") });
  return 0;
}
