import { posix } from "node:path";
import { parseArguments } from "../arguments.ts";
import { GitFailure, fatal } from "../failure.ts";
import { treeId } from "../object.ts";
import { abbreviated, isBranchName, resolveCommit, resolveObject, resolvePath } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";

/**
 * `git rev-parse [--verify] [-q] [--short] [--abbrev-ref] <revision>…`, `--git-dir`,
 * `--absolute-git-dir`, `--git-common-dir`, `--show-toplevel`, `--is-inside-work-tree`, `--is-bare-repository`,
 * `--show-prefix`. Also `<revision>^{tree}` and `<revision>:<path>`.
 */
export function* revParse(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "--verify": "verify",
      "-q": "quiet",
      "--quiet": "quiet",
      "--short": "short",
      "--abbrev-ref": "abbrev-ref",
      "--git-dir": "git-dir",
      "--absolute-git-dir": "absolute-git-dir",
      "--git-common-dir": "common-dir",
      "--is-bare-repository": "bare",
      "--show-toplevel": "toplevel",
      "--is-inside-work-tree": "inside",
      "--show-prefix": "prefix",
    },
  });
  const { flags } = parsed;
  const { repository } = session;
  yield session.work(2_500, "r");
  const { gitFolder, commonFolder } = repository;
  const atRoot = session.prefix === "" && !repository.isLinked;
  if (flags.has("git-dir")) session.print(atRoot ? ".git" : gitFolder);
  if (flags.has("absolute-git-dir")) session.print(gitFolder);
  if (flags.has("common-dir")) {
    session.print(repository.isLinked ? commonFolder : posix.relative(session.cwd, commonFolder));
  }
  if (flags.has("bare")) session.print("false");
  if (flags.has("toplevel")) session.print(repository.root);
  if (flags.has("inside")) session.print("true");
  if (flags.has("prefix")) session.print(session.prefix === "" ? "" : `${session.prefix}/`);
  for (const name of parsed.operands) {
    const id = idOf(session, name);
    if (id === undefined) return refuse(session, name, flags);
    const branch = name === "HEAD" ? (repository.headBranch() ?? "HEAD") : name;
    if (!flags.has("abbrev-ref")) session.print(flags.has("short") ? id.slice(0, abbreviatedLength(id)) : id);
    else if (branch === "HEAD" || repository.branches().includes(branch)) session.print(branch);
  }
  return 0;
}

function idOf(session: Session, name: string): string | undefined {
  const { repository } = session;
  if (name.endsWith("^{tree}")) {
    const id = resolveCommit(repository, name.slice(0, -"^{tree}".length));
    return id === undefined ? undefined : treeId(repository.readCommit(id).tree);
  }
  if (name.includes(":")) return resolvePath(repository, name)?.id;
  // A whole id is taken at its word, as real git does.
  return resolveObject(repository, name) ?? (/^[0-9a-f]{40}$/.test(name) ? name : undefined);
}

function refuse(session: Session, name: string, flags: ReadonlySet<string>): number {
  if (flags.has("verify") && flags.has("quiet")) return 1;
  if (flags.has("verify")) fatal("Needed a single revision");
  if (!isBranchName(name) || name === "HEAD" || !flags.has("verify")) session.print(name);
  throw new GitFailure(
    128,
    `fatal: ambiguous argument '${name}': unknown revision or path not in the working tree.\n` +
      "Use '--' to separate paths from revisions, like this:\n" +
      "'git <command> [<revision>...] -- [<file>...]'",
  );
}

function abbreviatedLength(id: string): number {
  return abbreviated(id as Parameters<typeof abbreviated>[0]).length;
}
