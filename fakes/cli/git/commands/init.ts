import { posix } from "node:path";
import { parseArguments } from "../arguments.ts";
import { fatal } from "../failure.ts";
import { mainPlace, Repository } from "../repository.ts";
import { isBranchName } from "../revision.ts";
import type { GitRun, Session } from "../session.ts";

/** `git init [-q] [-b branch] [folder]`. HEAD is written last: a run killed before it leaves no repository. */
export function* init(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: { "-q": "quiet", "--quiet": "quiet" },
    values: { "-b": "branch", "--initial-branch": "branch" },
  });
  if (parsed.operands.length > 1 || parsed.afterDashes !== undefined) session.unmodelled(args);
  const root = posix.resolve(session.cwd, parsed.operands[0] ?? ".");
  const branch = parsed.values.get("branch")?.at(-1) ?? session.config("init.defaultBranch") ?? "master";
  if (!isBranchName(branch)) fatal(`invalid initial branch name: '${branch}'`);
  const { files } = session;
  const repository = new Repository(mainPlace(root), files, { durable: false });
  const touches = [{ id: `git:${root}`, rw: "w" }] as const;

  for (const folder of ["", "info", "objects", "commits", "refs/heads"]) files.makeFolder(repository.path(folder));
  yield { kind: "work", durationUs: 2_000, touches };
  const again = files.stat(repository.path("HEAD")) !== null;
  if (files.stat(repository.path("config")) === null) files.write(repository.path("config"), "{}");
  if (!again) repository.setHeadBranch(branch);
  yield { kind: "work", durationUs: 1_000 };
  if (!parsed.flags.has("quiet")) {
    session.print(
      `${again ? "Reinitialized existing" : "Initialized empty"} Git repository in ${repository.gitFolder}/`,
    );
  }
  return 0;
}
