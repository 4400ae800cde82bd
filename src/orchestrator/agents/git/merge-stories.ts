import type { Run } from "../../runs/run.ts";
import { need, tryLater } from "../../runs/run-stop.ts";
import type { Workspace } from "../../workspace/workspace.ts";
import type { StoryPaths } from "../artifacts.ts";
import { isCommitted, restoreCommitted } from "./commit-path.ts";
import { withRepository } from "./repository.ts";
import { git, must, oneLine, probe } from "./run-git.ts";
import { sweepTrees } from "./story-tree.ts";
import { syncRepository } from "./sync-repository.ts";
import type { WorkTree } from "./work-tree.ts";

/** Why the branch of a story was not merged. */
export interface MergeRefusal {
  readonly branch: string;
  readonly reason: string;
}

/**
 * Brings the branches of finished stories into the main work tree, one commit each, in the order given; doing it again
 * changes nothing. A merge about which git would have to ask is not begun, so that no half of one is ever left. When
 * all are merged, the work trees of the stories go.
 */
export function mergeStories(
  run: Run,
  workspace: Workspace,
  stories: readonly StoryPaths[],
): Promise<readonly MergeRefusal[]> {
  return withRepository(run, workspace, async (main) => {
    const refusals: MergeRefusal[] = [];
    for (const story of stories) {
      const reason = await mergeStory(run, workspace, { main, story });
      if (reason !== undefined) refusals.push({ branch: story.branch, reason });
    }
    if (refusals.length === 0) await sweepTrees(run, workspace, { main, kept: new Set() });
    return refusals;
  });
}

interface Merge {
  readonly main: WorkTree;
  readonly story: StoryPaths;
}

/** @returns why not */
async function mergeStory(run: Run, workspace: Workspace, merge: Merge): Promise<string | undefined> {
  const { main, story } = merge;
  const head = await probe(run, main, ["rev-parse", "--verify", `refs/heads/${story.branch}`]);
  if (!head.ok) return "there is no such branch";
  const tip = head.stdout.trim();
  const base = await mergeBase(run, main, tip);
  if (base === tip) {
    // The attempt that merged it may have been cut off before its file was on the disk for good.
    if (run.resumed) {
      await restoreCommitted(run, main, story.source);
      await syncSource(run, main, story.source);
    }
    return undefined;
  }
  const inTheWay = await changedOnBothSides(run, main, { base, tip });
  if (inTheWay.length > 0) return `both sides changed ${inTheWay.join(", ")}`;
  await clearSource(run, workspace, merge);
  const message = `[${oneLine(run.reference)}] Merge ${story.branch}`;
  const outcome = await git(run, main, ["merge", "-q", "--no-ff", "--no-edit", "-m", message, story.branch]);
  if (!outcome.ok && (await mergeBase(run, main, tip)) !== tip) tryLater(outcome.reason);
  await syncSource(run, main, story.source);
  await syncRepository(run, main, []);
  run.ports.log.event("story.merged", { card: run.reference, workspace: workspace.dirname, branch: story.branch });
  return undefined;
}

async function mergeBase(run: Run, main: WorkTree, tip: string): Promise<string> {
  return (await must(run, main, ["merge-base", "HEAD", tip])).stdout.trim();
}

async function changedOnBothSides(
  run: Run,
  main: WorkTree,
  { base, tip }: { readonly base: string; readonly tip: string },
): Promise<readonly string[]> {
  const ours = new Set(await changedSince(run, main, { base, revision: "HEAD" }));
  if (ours.size === 0) return [];
  const theirs = await changedSince(run, main, { base, revision: tip });
  return theirs.filter((path) => ours.has(path));
}

async function changedSince(
  run: Run,
  main: WorkTree,
  { base, revision }: { readonly base: string; readonly revision: string },
): Promise<readonly string[]> {
  const { stdout } = await must(run, main, ["diff", "--name-only", "--no-renames", "-z", base, revision]);
  return stdout.split("\0").filter((path) => path !== "");
}

/** Git syncs what it commits, not what it checks out. */
async function syncSource(run: Run, main: WorkTree, source: string): Promise<void> {
  const folder = source.slice(0, source.lastIndexOf("/"));
  for (const path of [source, folder, ""]) {
    const synced = await run.ports.files.sync(`${main.root}/${path}`, { key: `${main.label}/${path}` });
    if (synced.kind !== "ok" && synced.error.code !== "ENOENT")
      tryLater(`could not sync ${source}: ${synced.error.code}`);
  }
}

/** A merge that was cut off may have written the file already; git would not overwrite it. */
async function clearSource(run: Run, workspace: Workspace, { main, story }: Merge): Promise<void> {
  if (run.resumed) await must(run, main, ["reset", "-q"]);
  if (await isCommitted(run, main, story.source)) await restoreCommitted(run, main, story.source);
  else need(await workspace.remove(story.source), `remove ${story.source}`);
}
