import { designPath, openVerified, prdPath, storyPaths } from "../agents/artifacts.ts";
import { mergeStories } from "../agents/git/merge-stories.ts";
import { commentOnce } from "../cards/comment-once.ts";
import type { AgentName } from "../decide/lanes.ts";
import { fail, need } from "../runs/run-stop.ts";
import type { Run } from "../runs/run.ts";
import { followCard, startRefusals, type Followed } from "../work-package/follow-card.ts";

/** Takes the work package of the run's card to its lane, with what stands in the workspace now. */
export async function followRun(run: Run): Promise<Followed> {
  // What somebody changed behind an approval is put back first: the package would take it for work that became stale.
  const workspace = await openVerified(run);
  const { testPlan, tests, source } = await storyPaths(run);
  const shelf = {
    ports: run.ports,
    guard: run.lease,
    diskMarginMs: run.limits.diskMarginMs,
    folder: `${run.config.stateFolder}/work-packages`,
    generation: run.lease.generation,
  };
  const place = {
    reference: run.reference,
    title: run.card.title,
    workspace: workspace.root,
    lane: run.lane.lane,
    artifacts: [
      { kind: "design", path: designPath },
      { kind: "planning", path: prdPath },
      { kind: "tests", path: testPlan },
      { kind: "tests", path: tests },
      { kind: "implementation", path: source },
    ],
    who: "board",
    reason: "people moved the card",
    cause: run.causeName,
  } as const;
  return need(await followCard(shelf, place), "take the work package to the card's lane");
}

/** Ends the run when a gate of the work package is closed to its next agent. */
export function refuseClosedGate(followed: Followed, agent: AgentName): void {
  const refusals = startRefusals(followed, agent);
  if (refusals.length === 0) return;
  fail(
    "a gate of the work package is closed",
    refusals.join("; "),
    "Move the card back to the lane where this is made or approved, then on, one lane at a time.",
  );
}

/** What the card's own branch holds comes into the workspace, where people and gates look. */
export async function bringInCode(run: Run): Promise<void> {
  const refusals = await mergeStories(run, await run.workspace(), [await storyPaths(run)]);
  if (refusals.length === 0) return;
  const why = refusals.map(({ branch, reason }) => `${branch}: ${reason}`).join("; ");
  fail("the code was not merged", why, "Merge the branch by hand, then move the card back into this lane.");
}

/** Said on the card, for a lane in which no agent could fail. */
export async function tellRefusals(run: Run, { opened, refusals }: Followed): Promise<void> {
  if (refusals.length === 0) return;
  await commentOnce(run.board, {
    card: run.handle,
    marker: run.marker("refused"),
    text: `The work package stays in ${opened.work.stage}: ${refusals.join("; ")}.`,
    mayExist: true,
  });
}
