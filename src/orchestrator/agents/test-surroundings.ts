import type { Run } from "../runs/run.ts";
import { need, tryLater } from "../runs/run-stop.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { isCommitted, restoreCommitted } from "./git/commit-path.ts";
import { mainTree } from "./git/work-tree.ts";
import { reportPutBack } from "./report.ts";

/** What steers the tests and git, as it was before code that a model wrote was run. */
export interface TestSurroundings {
  /** Git's settings in the repository; undefined when there are none. */
  readonly gitConfig: string | undefined;
}

export async function openSurroundings(run: Run, workspace: Workspace): Promise<TestSurroundings> {
  await clearSteering(run, workspace);
  return { gitConfig: await readGitConfig(run, workspace) };
}

/**
 * Undoes what code that ran with the tests did around them: files that would steer the next run, and settings of git. The
 * card is told.
 */
export async function clearSurroundings(run: Run, workspace: Workspace, before: TestSurroundings): Promise<void> {
  await clearSteering(run, workspace);
  const gitConfig = await readGitConfig(run, workspace);
  if (before.gitConfig !== undefined && gitConfig !== before.gitConfig) {
    await reportPutBack(run, workspace, [".git/config"]);
    need(await workspace.restoreGitConfig(before.gitConfig), "put back the settings of git");
  }
}

/** What git has of such a file stays; anything else is set aside, where people find it and nothing else does. */
async function clearSteering(run: Run, workspace: Workspace): Promise<void> {
  const found = await steeringFiles(run, workspace);
  const main = mainTree(workspace);
  for (const path of found) {
    if (workspace.isLocked(path)) continue;
    if (await isCommitted(run, main, path)) {
      if (await restoreCommitted(run, main, path)) await reportPutBack(run, workspace, [path]);
      continue;
    }
    await reportPutBack(run, workspace, [path]);
    need(await workspace.setAside(path), `set ${path} aside`);
  }
}

/** In the root and beside the tests. In the order of the listings. */
async function steeringFiles(run: Run, workspace: Workspace): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of ["", "tests/"]) {
    const path = `${workspace.root}/${folder}`.replace(/\/$/, "");
    const listing = await run.ports.files.list(path, { key: `${workspace.dirname}/${folder}` });
    if (listing.kind !== "ok") {
      if (listing.error.code === "ENOENT") continue;
      tryLater(`could not list the workspace: ${listing.error.code}`);
    }
    for (const { name } of listing.value) if (run.policies.tests.isSteering(name)) found.push(`${folder}${name}`);
  }
  return found;
}

async function readGitConfig(run: Run, workspace: Workspace): Promise<string | undefined> {
  const call = { key: `${workspace.dirname}/.git/config` };
  const text = await run.ports.files.readText(`${workspace.root}/.git/config`, call);
  if (text.kind === "ok") return text.value;
  // Not to be taken for settings that somebody took away.
  if (text.error.code === "EIO") tryLater("could not read the settings of git: EIO");
  return undefined;
}
