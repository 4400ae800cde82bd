import type { Run } from "../runs/run.ts";
import { fail } from "../runs/run-stop.ts";
import { judgeDocument } from "./architect.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { designPath, openVerified, readArtifact, storyPaths, writeArtifact } from "./artifacts.ts";
import { askModel } from "./ask-model.ts";
import { workStories } from "./batch.ts";
import { testPlanPrompt } from "./prompts.ts";
import { attachArtifact, comment } from "./report.ts";
import { leaveLaterLanes, reopen } from "./rework.ts";

/** Lane 6: the test plan of a story. */
export async function testPlan(run: Run): Promise<void> {
  const workspace = await openVerified(run);
  await workStories(run, workspace, "test plans", (story) => planTests(story, workspace));
}

async function planTests(run: Run, workspace: Workspace): Promise<void> {
  const paths = await storyPaths(run);
  const design = (await readArtifact(workspace, designPath)) ?? "";
  const prompt = testPlanPrompt({ card: run.card, metadata: await run.metadata() }, design);
  const answer = await askModel(run, {
    purpose: "test-plan",
    prompt,
    json: false,
    judge: (content) => judgeDocument(run, content),
  });
  if (answer.kind === "refused") {
    fail("no test plan was written", answer.reason, "Make the story clearer, then move the card back into this lane.");
  }
  await reopen(run, workspace, paths.tests);
  await leaveLaterLanes(run);
  await writeArtifact(workspace, paths.testPlan, answer.value);
  await attachArtifact(run, paths.testPlan, answer.value);
  await comment(
    run,
    "test plan",
    `${paths.testPlan} is written and attached. Move ${run.batch?.reference ?? "the card"} on to approve it.`,
  );
}
