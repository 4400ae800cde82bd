import { checkStaged, readStatus, type ChangedPath, type StagedCheck } from "../../decide/staged.ts";
import type { Run } from "../../runs/run.ts";
import { fail, tryLater } from "../../runs/run-stop.ts";
import { must, oneLine, probe } from "./run-git.ts";
import type { StoryTree } from "./story-tree.ts";
import { syncRepository } from "./sync-repository.ts";
import type { WorkTree } from "./work-tree.ts";

/** Commits exactly one path. `false` when it stands in the branch already as it is. */
export async function commitPath(run: Run, tree: StoryTree, path: string, message: string): Promise<boolean> {
  // Code that ran with the tests may have taken it away: git would then commit somewhere else.
  if (!(await tree.isWhole())) tryLater(`the work tree of ${tree.branch} was changed`);
  const { code } = run.policies;
  await must(run, tree, ["add", ...code.staged(path)]);
  let staged = await stagedPaths(run, tree, path);
  if (!code.mayCommit(staged)) {
    await must(run, tree, ["reset", "-q"]);
    await must(run, tree, ["add", ...code.staged(path)]);
    staged = await stagedPaths(run, tree, path);
  }
  if (typeof staged === "object" && !code.mayCommit(staged)) {
    fail(
      "nothing was committed",
      `${staged.others.join(", ")} would be in the commit too`,
      "Clean the index of the story's work tree, then move the card back into this lane.",
    );
  }
  if (staged === "nothing") {
    const present = await probe(run, tree, ["cat-file", "-e", `HEAD:${path}`]);
    if (!present.ok) tryLater(`${path} is neither staged nor committed`);
    // It may be the commit of an attempt that was cut off before it synced.
    if (run.resumed) await syncRepository(run, tree, [branchFolder]);
    return false;
  }
  await (code.needsCommit ? must : probe)(run, tree, ["commit", "-q", "-m", oneLine(message)]);
  await syncRepository(run, tree, [branchFolder]);
  return true;
}

/** Where the branches of stories are kept. */
const branchFolder = "refs/heads/feat";

async function stagedPaths(run: Run, tree: WorkTree, path: string): Promise<StagedCheck> {
  const { stdout } = await must(run, tree, ["diff", "--cached", "--name-only", "--no-renames", "-z"]);
  return checkStaged(stdout, path) ?? tryLater("git diff answered something else than paths");
}

export async function isCommitted(run: Run, tree: WorkTree, path: string): Promise<boolean> {
  return (await probe(run, tree, ["cat-file", "-e", `HEAD:${path}`])).ok;
}

/** The file as the branch has it, whatever stands on disk or in the index. @returns whether it was different */
export async function restoreCommitted(run: Run, tree: WorkTree, path: string): Promise<boolean> {
  if ((await changedPaths(run, tree)).every((entry) => entry.path !== path)) return false;
  await must(run, tree, ["checkout", "-q", "HEAD", "--", path]);
  run.ports.log.event("git.restored", { card: run.reference, workspace: tree.label, path });
  return true;
}

/** Whatever is not as HEAD has it, new files one by one. */
export async function changedPaths(run: Run, tree: WorkTree): Promise<readonly ChangedPath[]> {
  const changed = readStatus((await must(run, tree, ["status", "--porcelain", "-uall", "-z"])).stdout);
  return changed ?? tryLater("git status answered something else than a status");
}
