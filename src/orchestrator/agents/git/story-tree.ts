import type { Run } from "../../runs/run.ts";
import { need, tryLater } from "../../runs/run-stop.ts";
import type { GuardedFolder } from "../../workspace/guarded-folder.ts";
import { worktreesPath, type Workspace } from "../../workspace/workspace.ts";
import type { StoryPaths } from "../artifacts.ts";
import { isObjectId, isWholeHead, removeStaleLock, withRepository } from "./repository.ts";
import { defaultBranch, git, must, probe } from "./run-git.ts";
import { mainTree, type WorkTree } from "./work-tree.ts";

/** The work tree of one story: its own files, its own index, its own branch. */
export interface StoryTree extends WorkTree {
  readonly branch: string;
  /** The only way to write into it. */
  readonly files: GuardedFolder;
}

/**
 * Works in the story's own work tree. One that a crash or somebody's code has damaged is made anew: its commits are in
 * the repository, and what was not committed is in the run's record.
 */
export function withStoryTree<Value>(
  run: Run,
  workspace: Workspace,
  paths: StoryPaths,
  work: (tree: StoryTree) => Promise<Value>,
): Promise<Value> {
  return withRepository(run, workspace, async (main) => {
    const tree = storyTree(run, workspace, paths);
    if (!(await tree.isWhole()) || !(await hasCommit(run, tree))) await makeTree(run, workspace, { main, tree, paths });
    else await removeStaleLock(run, tree);
    const value = await work(tree);
    await removeStaleLock(run, tree);
    return value;
  });
}

function storyTree(run: Run, workspace: Workspace, { id, branch }: StoryPaths): StoryTree {
  const { commonFolder } = mainTree(workspace);
  const files = workspace.worktree(id);
  const gitFolder = `${commonFolder}/worktrees/${id}`;
  const label = `${workspace.dirname}/${id}`;
  const realGitFolder = `${workspace.realRoot}/.git/worktrees/${id}`;
  // Without these, git would take the main work tree's index for this one's.
  const expected = [
    [`${files.root}/.git`, `gitdir: ${realGitFolder}\n`],
    [`${gitFolder}/HEAD`, `ref: refs/heads/${branch}\n`],
    [`${gitFolder}/commondir`, "../..\n"],
    [`${gitFolder}/gitdir`, `${files.realRoot}/.git\n`],
  ] as const;
  const isWhole = async (): Promise<boolean> => {
    const call = { key: `${label}/.git` };
    const real = await run.ports.files.realPath(files.root, call);
    if (real.kind !== "ok" || real.value !== files.realRoot) return false;
    for (const [path, content] of expected) {
      const text = await run.ports.files.readText(path, call);
      if (text.kind !== "ok" || text.value !== content) return false;
    }
    return true;
  };
  return { root: files.root, gitFolder, commonFolder, label, branch, files, isWhole };
}

/** Its branch, made with it, may be gone with a crash of the host. */
async function hasCommit(run: Run, tree: StoryTree): Promise<boolean> {
  const head = await probe(run, tree, ["rev-parse", "--verify", "HEAD"]);
  return head.ok && isObjectId(head.stdout);
}

async function makeTree(
  run: Run,
  workspace: Workspace,
  made: { readonly main: WorkTree; readonly tree: StoryTree; readonly paths: StoryPaths },
): Promise<void> {
  const { main, tree, paths } = made;
  await forgetTree(run, workspace, { main, id: paths.id });
  const exists = await probe(run, main, ["rev-parse", "--verify", `refs/heads/${tree.branch}`]);
  const path = `${worktreesPath}/${paths.id}`;
  const target = exists.ok ? [path, tree.branch] : ["-b", tree.branch, path, await startPoint(run, main)];
  await worktreeCommand(run, main, ["add", "-q", ...target]);
  if (!(await tree.isWhole())) tryLater(`the work tree of ${paths.id} is not as git should make it`);
}

/** Git looks at all work trees: one that a crash cut short would stand in the way of every other. */
async function worktreeCommand(run: Run, main: WorkTree, args: readonly string[]): Promise<void> {
  const outcome = await git(run, main, ["worktree", ...args]);
  if (outcome.ok) return;
  await forgetDamaged(run, main);
  await must(run, main, ["worktree", ...args]);
}

/** What git knows of work trees that cannot be worked in any more; their stories make them anew. */
async function forgetDamaged(run: Run, main: WorkTree): Promise<void> {
  const folder = `${main.commonFolder}/worktrees`;
  const call = { key: `${main.label}/worktrees` };
  const listing = await run.ports.files.list(folder, call);
  if (listing.kind !== "ok") return;
  for (const { name } of listing.value) {
    const head = await run.ports.files.readText(`${folder}/${name}/HEAD`, call);
    if (head.kind === "ok" ? isWholeHead(head.value) : head.error.code !== "ENOENT") continue;
    run.lease.require(run.limits.diskMarginMs);
    await run.ports.files.remove(`${folder}/${name}`, { ...call, recursive: true });
    run.ports.log.event("worktree.forgotten", { card: run.reference, workspace: main.label, story: name });
  }
}

async function startPoint(run: Run, main: WorkTree): Promise<string> {
  for (const name of [defaultBranch, "master"]) {
    if ((await probe(run, main, ["rev-parse", "--verify", `refs/heads/${name}`])).ok) return name;
  }
  return "HEAD";
}

/** Removes what there is of a story's work tree, in whatever state. Its branch stays: no commit is lost. */
async function forgetTree(
  run: Run,
  workspace: Workspace,
  { main, id }: { readonly main: WorkTree; readonly id: string },
): Promise<void> {
  const gitFolder = `${main.commonFolder}/worktrees/${id}`;
  const call = { key: `${main.label}/${id}` };
  const folder = await run.ports.files.stat(`${workspace.root}/${worktreesPath}/${id}`, call);
  const known = await run.ports.files.stat(gitFolder, call);
  if (folder.kind !== "ok" && known.kind !== "ok") return;
  need(await workspace.removeWorktree(id), "remove a work tree");
  run.lease.require(run.limits.diskMarginMs);
  const removed = await run.ports.files.remove(gitFolder, { ...call, recursive: true });
  if (removed.kind !== "ok" && removed.error.code !== "ENOENT")
    tryLater(`could not remove a work tree: ${removed.error.code}`);
  // Git may know it under another name.
  await worktreeCommand(run, main, ["prune"]);
  run.ports.log.event("worktree.removed", { card: run.reference, workspace: workspace.dirname, story: id });
}

/** Removes the work trees of all stories but these: finished ones, and those whose cards are gone. */
export async function sweepTrees(
  run: Run,
  workspace: Workspace,
  options: { readonly main: WorkTree; readonly kept: ReadonlySet<string> },
): Promise<void> {
  const { main, kept } = options;
  const folder = `${workspace.root}/${worktreesPath}`;
  const call = { key: `${main.label}/worktrees` };
  const listing = await run.ports.files.list(folder, call);
  if (listing.kind !== "ok") {
    if (listing.error.code === "ENOENT") return;
    tryLater(`could not list the work trees: ${listing.error.code}`);
  }
  for (const { name } of listing.value) if (!kept.has(name)) await forgetTree(run, workspace, { main, id: name });
  // Also those that an attempt before removed: a crash of the host would bring them back.
  const synced = await run.ports.files.sync(folder, call);
  if (synced.kind !== "ok") tryLater(`could not sync the work trees: ${synced.error.code}`);
}
