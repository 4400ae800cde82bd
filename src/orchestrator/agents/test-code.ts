import type { Run } from "../runs/run.ts";
import { fail } from "../runs/run-stop.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { openVerified, readArtifact, storyPaths, writeArtifact } from "./artifacts.ts";
import { askModel, type Judgement } from "./ask-model.ts";
import { workStories } from "./batch.ts";
import { testCodePrompt } from "./prompts.ts";
import { attachArtifact, comment } from "./report.ts";

/** Lane 7: the tests of a story, which governance locks next. */
export async function testCode(run: Run): Promise<void> {
  const workspace = await openVerified(run);
  await workStories(run, workspace, "tests", (story) => codeTests(story, workspace));
}

async function codeTests(run: Run, workspace: Workspace): Promise<void> {
  const paths = await storyPaths(run);
  if (workspace.isLocked(paths.tests)) {
    await comment(run, "tests", `${paths.tests} is approved and was kept as it is.`);
    return;
  }
  const plan = await readArtifact(workspace, paths.testPlan);
  if (plan === undefined) {
    fail("no tests were written", `there is no ${paths.testPlan}`, "Move the card through lane 6 first.");
  }
  const prompt = testCodePrompt({ card: run.card, metadata: await run.metadata() }, plan, paths.source);
  const answer = await askModel(run, {
    purpose: "test-code",
    prompt,
    json: false,
    judge: (content) => judgeTests(run, content),
  });
  if (answer.kind === "refused") {
    fail("no tests were written", answer.reason, "Make the test plan clearer, then move the card back into this lane.");
  }
  await writeArtifact(workspace, paths.tests, answer.value);
  await attachArtifact(run, paths.tests, answer.value);
  await comment(run, "tests", `${paths.tests} is written and attached.`);
}

function judgeTests(run: Run, content: string): Judgement<string> {
  const check = run.policies.answers.checkTests(content);
  return check.kind === "ok" ? { kind: "ok", value: check.text } : check;
}
