import type { Run } from "../../runs/run.ts";
import { need } from "../../runs/run-stop.ts";
import type { Workspace } from "../../workspace/workspace.ts";
import type { StoryPaths } from "../artifacts.ts";
import { reportPutBack } from "../report.ts";
import { changedPaths } from "./commit-path.ts";
import { must } from "./run-git.ts";
import type { StoryTree } from "./story-tree.ts";

/**
 * Whatever stands in a story's work tree beside its source was written by a tool or by code that ran with the tests: it
 * goes, so that nothing is built or judged with it.
 */
export async function removeStrays(
  run: Run,
  workspace: Workspace,
  { tree, paths }: { readonly tree: StoryTree; readonly paths: StoryPaths },
): Promise<void> {
  const strays = (await changedPaths(run, tree)).filter(({ path }) => path !== paths.source);
  if (strays.length === 0) return;
  await reportPutBack(run, workspace, [`the work tree of ${paths.id}`]);
  for (const { code, path } of strays) {
    if (code === "??" || code.startsWith("A")) need(await tree.files.remove(path), `remove ${path}`);
    else await must(run, tree, ["checkout", "-q", "HEAD", "--", path]);
  }
  run.ports.log.event("tree.cleaned", {
    card: run.reference,
    workspace: tree.label,
    paths: strays.map(({ path }) => path),
  });
}
