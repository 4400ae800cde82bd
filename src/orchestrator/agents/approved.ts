import { basisOfPlan, basisOfStory, noBasis } from "../decide/basis.ts";
import { atomicIdOf } from "../decide/reference.ts";
import type { Run } from "../runs/run.ts";
import { fail } from "../runs/run-stop.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { designPath, prdPath, readArtifact } from "./artifacts.ts";

/**
 * What an artifact would rest on if it were approved now; undefined while that cannot be told, because what it rests on
 * is open again.
 */
export async function currentBasis(run: Run, workspace: Workspace, path: string): Promise<string | undefined> {
  if (path === designPath) return noBasis;
  if (path === prdPath) {
    return workspace.isReopened(designPath) ? undefined : basisOfPlan(workspace.hashOf(designPath));
  }
  if (!workspace.isLocked(prdPath)) return workspace.isReopened(prdPath) ? undefined : noBasis;
  const plan = await readArtifact(workspace, prdPath);
  return basisOfStory(plan ?? "", atomicIdOf(run.reference, await run.metadata()));
}

/**
 * Ends the run when an approved artifact was made from something that is not approved any more. Tests stay good while
 * the plan is open: until it is approved again, nobody knows whether their story has changed.
 */
export async function refuseStale(run: Run, workspace: Workspace, path: string): Promise<void> {
  const approved = workspace.basisOf(path);
  if (approved === undefined) return;
  const current = await currentBasis(run, workspace, path);
  if (approved === current || (current === undefined && path !== prdPath)) return;
  const [why, lane] =
    path === prdPath
      ? [`${designPath} is not what it was made from any more`, "4. Planning Draft"]
      : [`the story's entry in ${prdPath} is not what they were made from any more`, "6. Tests Draft"];
  fail(`${path} is stale`, why, `Move the card back to "${lane}", so that it is made again.`);
}
