import { atomicIdOf, fileId } from "../decide/reference.ts";
import { need } from "../runs/run-stop.ts";
import type { Run } from "../runs/run.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { reportPutBack } from "./report.ts";

export const designPath = "DESIGN.md";
export const prdPath = "prd.json";
/** Where people find the records of approval. */
const approvalsPath = ".agentleeops/approvals";
export const prdErrorPath = "prd_error.txt";

/** Where the artifacts of one story stand in the workspace. */
export interface StoryPaths {
  readonly id: string;
  readonly testPlan: string;
  readonly tests: string;
  readonly source: string;
  readonly reviewReport: string;
  readonly reviewSteps: string;
  readonly branch: string;
}

export async function storyPaths(run: Run): Promise<StoryPaths> {
  return pathsOfStory(run, atomicIdOf(run.reference, await run.metadata()));
}

/** @param atomicId as it stands in the plan */
export function pathsOfStory({ policies, scope }: Run, atomicId: string): StoryPaths {
  const id = fileId(atomicId);
  return {
    id,
    testPlan: `tests/TEST_PLAN_${id}.md`,
    tests: `tests/test_${id}.py`,
    source: policies.code.sourcePath(id, scope),
    reviewReport: `reviews/CODE_REVIEW_REPORT_${id}.json`,
    reviewSteps: `reviews/CODE_REVIEW_NEXT_STEPS_${id}.md`,
    branch: `feat/${id}`,
  };
}

/** The workspace with every approved artifact as it was approved: what others changed is put back and reported. */
export async function openVerified(run: Run): Promise<Workspace> {
  const workspace = await run.workspace();
  await restoreLocked(run, workspace);
  return workspace;
}

/** @returns the artifacts that had to be put back; copies of records are put back beside */
export async function restoreLocked(run: Run, workspace: Workspace): Promise<readonly string[]> {
  const changed = need(await workspace.findChanged(), "check the approved artifacts");
  await reportPutBack(run, workspace, changed);
  for (const path of changed) need(await workspace.restore(path, run.reference), `put ${path} back`);
  const records = need(await workspace.findChangedRecords(), "check the records of approval");
  if (records.missing.length + records.forged.length === 0) return changed;
  await reportPutBack(run, workspace, [approvalsPath]);
  need(await workspace.putBackRecords(records), "put the records of approval back");
  return changed;
}

export async function writeArtifact(workspace: Workspace, path: string, content: string): Promise<void> {
  need(await workspace.write(path, content), `write ${path}`);
}

export async function readArtifact(workspace: Workspace, path: string): Promise<string | undefined> {
  return need(await workspace.readTrue(path), `read ${path}`);
}
