import type { Run } from "../../runs/run.ts";
import { tryLater } from "../../runs/run-stop.ts";
import { writeDurably } from "../../workspace/durable-write.ts";
import type { Workspace } from "../../workspace/workspace.ts";
import { defaultBranch, must, oneLine, probe, repair } from "./run-git.ts";
import { syncRepository } from "./sync-repository.ts";
import { mainTree, type WorkTree } from "./work-tree.ts";

/** Ours alone: nothing of the workspace's administration or of Python's caches is ever shown or staged. */
const excluded = ".agentleeops/\n__pycache__/\n.pytest_cache/\n";

/**
 * Works in the workspace's repository, which has a first commit, so that branches have a start. A lock that some git
 * left behind is removed before and after.
 */
export async function withRepository<Value>(
  run: Run,
  workspace: Workspace,
  work: (tree: WorkTree) => Promise<Value>,
): Promise<Value> {
  const tree = mainTree(workspace);
  await ensureRepository(run, tree);
  const value = await work(tree);
  await removeStaleLock(run, tree);
  return value;
}

async function ensureRepository(run: Run, tree: WorkTree): Promise<void> {
  const call = { key: `${tree.label}/.git` };
  const head = await run.ports.files.readText(`${tree.gitFolder}/HEAD`, call);
  if (head.kind !== "ok" && head.error.code !== "ENOENT") {
    tryLater(`could not look for the repository: ${head.error.code}`);
  }
  if (head.kind === "ok" && isWholeHead(head.value)) await removeStaleLock(run, tree);
  else await initialise(run, tree, head.kind === "ok");
  if (await hasCommit(run, tree)) {
    // It may be the commit of an attempt that was cut off before it synced.
    if (run.resumed) await syncRepository(run, tree, []);
    return;
  }
  run.lease.require(run.limits.diskMarginMs);
  await run.ports.files.makeFolder(`${tree.gitFolder}/info`, call);
  const written = await writeDurably(run.ports.files, {
    path: `${tree.gitFolder}/info/exclude`,
    temporaryPath: `${tree.gitFolder}/info/exclude.new`,
    content: excluded,
    call,
  });
  if (written.kind !== "ok") tryLater(`could not set up the repository: ${written.error.code}`);
  // Before the commit too: git syncs the commit, but a folder that was lost takes its files along.
  await syncRepository(run, tree, []);
  await must(run, tree, ["commit", "-q", "--allow-empty", "-m", `[${oneLine(run.scope)}] Start`]);
  await syncRepository(run, tree, []);
}

/** Cut short by a crash of the host, it may name another branch, or none. Git ends it with a line break. */
export function isWholeHead(head: string): boolean {
  return /^(?:ref: refs\/heads\/.*[^/\n]|[0-9a-f]{40,64})\n$/.test(head);
}

/** What is committed stays: only where it goes on is said anew. */
async function initialise(run: Run, tree: WorkTree, damaged: boolean): Promise<void> {
  if (damaged) {
    run.lease.require(run.limits.diskMarginMs);
    const removed = await run.ports.files.remove(`${tree.gitFolder}/HEAD`, { key: `${tree.label}/.git/HEAD` });
    if (removed.kind !== "ok") tryLater(`could not mend the repository: ${removed.error.code}`);
    run.ports.log.event("git.repaired", { card: run.reference, workspace: tree.label, damaged: ["HEAD"] });
  }
  await must(run, tree, ["init", "-q", "-b", defaultBranch]);
}

async function hasCommit(run: Run, tree: WorkTree): Promise<boolean> {
  const head = await probe(run, tree, ["rev-parse", "--verify", "HEAD"]);
  // A HEAD that lost its content may resolve to nothing at all.
  if (!head.ok || isObjectId(head.stdout)) return head.ok;
  await repair(run, tree, "not a git repository");
  return (await probe(run, tree, ["rev-parse", "--verify", "HEAD"])).ok;
}

export function isObjectId(output: string): boolean {
  return /^[0-9a-f]{40,64}\s*$/.test(output);
}

/** Under the lease, and after every child of an earlier owner was ended, nobody can be holding it. */
export async function removeStaleLock(run: Run, tree: WorkTree): Promise<void> {
  const path = `${tree.gitFolder}/index.lock`;
  const call = { key: `${tree.label}/.git/index.lock` };
  const stat = await run.ports.files.stat(path, call);
  if (stat.kind === "ok") {
    run.lease.require(run.limits.diskMarginMs);
    const removed = await run.ports.files.remove(path, call);
    if (removed.kind !== "ok" && removed.error.code !== "ENOENT")
      tryLater(`could not remove a lock: ${removed.error.code}`);
  } else if (!run.resumed) return;
  // A crash of the host would bring it back, perhaps after the last run that looks for it: also one that git removed.
  const synced = await run.ports.files.sync(tree.gitFolder, call);
  if (synced.kind !== "ok" && synced.error.code !== "ENOENT") tryLater(`could not remove a lock: ${synced.error.code}`);
  if (stat.kind === "ok") run.ports.log.event("git.unlocked", { card: run.reference, workspace: tree.label });
}
