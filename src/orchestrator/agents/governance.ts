import { readAttachment } from "../cards/attach.ts";
import { parsePrd } from "../decide/prd.ts";
import type { Run } from "../runs/run.ts";
import { fail, need } from "../runs/run-stop.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { currentBasis, refuseStale } from "./approved.ts";
import { designPath, openVerified, prdPath, readArtifact, storyPaths, writeArtifact } from "./artifacts.ts";
import { workStories } from "./batch.ts";
import { refuseStory } from "./refuse-story.ts";
import { comment } from "./report.ts";

/** Lanes 3, 5 and 7: what people approved is locked as it stands. */
export async function governance(run: Run): Promise<void> {
  if (run.lane.lane !== testsApprovedLane) refuseStory(run, "nothing was locked");
  const workspace = await openVerified(run);
  if (run.lane.lane === testsApprovedLane) {
    await workStories(run, workspace, "locked tests", (story) => lockApproved(story, workspace));
  } else await lockApproved(run, workspace);
}

async function lockApproved(run: Run, workspace: Workspace): Promise<void> {
  const path = await approvedPath(run);
  await refuseStale(run, workspace, path);
  if (!workspace.isLocked(path)) {
    await bringBackDraft(run, workspace, path);
    await checkBeforeLock(workspace, path);
  }
  const basis = await currentBasis(run, workspace, path);
  if (basis === undefined) {
    fail(
      `${path} cannot be locked`,
      path === prdPath ? `${designPath} is open again` : `${prdPath} is open again`,
      "Approve that first, then move the card back into this lane.",
    );
  }
  const hash = need(await run.policies.approval.lock({ run, workspace, path, basis }), `lock ${path}`);
  await comment(run, `locked ${path}`, `${path} is approved and locked (SHA-256 ${hash}).`);
}

const testsApprovedLane = 7;

async function approvedPath(run: Run): Promise<string> {
  switch (run.lane.lane) {
    case 3:
      return designPath;
    case 5:
      return prdPath;
    default:
      return (await storyPaths(run)).tests;
  }
}

/** A draft that somebody removed is on the card still: people approve what they read there. */
async function bringBackDraft(run: Run, workspace: Workspace, path: string): Promise<void> {
  if ((await readArtifact(workspace, path)) !== undefined) return;
  const content = await readAttachment(run.board, run.handle, path.slice(path.lastIndexOf("/") + 1));
  if (content === undefined) return;
  await writeArtifact(workspace, path, content);
  run.ports.log.event("draft.restored", { card: run.reference, workspace: workspace.dirname, path });
}

/** What cannot be worked with must not be locked. */
async function checkBeforeLock(workspace: Workspace, path: string): Promise<void> {
  const content = await readArtifact(workspace, path);
  if (content === undefined || content.trim() === "") {
    fail(
      `${path} cannot be locked`,
      `there is no ${path}`,
      "Move the card back into the lane before, so that it is written.",
    );
  }
  if (path !== prdPath) return;
  const check = parsePrd(content);
  if (check.kind === "ok") return;
  fail(
    `${path} cannot be locked`,
    check.errors.join("; "),
    `Correct ${path}, or move the card back into the planning lane.`,
  );
}
