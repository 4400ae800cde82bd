import { isJsonObject } from "../../base/json.ts";
import type { TextCheck } from "../decide/answer-text.ts";
import type { Run } from "../runs/run.ts";
import { fail, need } from "../runs/run-stop.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { refuseStale } from "./approved.ts";
import { openVerified, readArtifact, restoreLocked, storyPaths, type StoryPaths } from "./artifacts.ts";
import { workStories } from "./batch.ts";
import { askCoder } from "./coder.ts";
import { commitPath } from "./git/commit-path.ts";
import { withStoryTree, type StoryTree } from "./git/story-tree.ts";
import { fixPrompt } from "./prompts.ts";
import { runTests } from "./pytest.ts";
import { comment } from "./report.ts";
import { leaveLaterLanes } from "./rework.ts";

/** Lane 8: test, ask for a fix, test again, until green; then commit the one source file. */
export async function ralph(run: Run): Promise<void> {
  const workspace = await openVerified(run);
  await workStories(run, workspace, "code", (story) => workStory(story, workspace));
}

async function workStory(run: Run, workspace: Workspace): Promise<void> {
  const paths = await storyPaths(run);
  const tests = await lockedTests(workspace, paths);
  await refuseStale(run, workspace, paths.tests);
  await leaveLaterLanes(run);
  const iterations = await withStoryTree(run, workspace, paths, (tree) =>
    codeAndCommit(run, workspace, { paths, tests, tree }),
  );
  await comment(
    run,
    "code",
    `The tests pass after ${iterations} fixes; ${paths.source} is committed on ${paths.branch}.`,
  );
}

/** @returns the fixes it took */
async function codeAndCommit(run: Run, workspace: Workspace, goal: Goal): Promise<number> {
  const { paths, tree } = goal;
  await putBackLastAnswer(run, goal);
  const iterations = await iterateUntilGreen(run, workspace, goal);
  await restoreLocked(run, workspace);
  await commitPath(run, tree, paths.source, `[${run.reference}] ${run.card.title}`);
  return iterations;
}

interface Goal {
  readonly paths: StoryPaths;
  readonly tests: string;
  readonly tree: StoryTree;
}

async function lockedTests(workspace: Workspace, paths: StoryPaths): Promise<string> {
  const tests = await readArtifact(workspace, paths.tests);
  if (tests !== undefined && workspace.isLocked(paths.tests)) return tests;
  fail(
    "no code was written",
    `${paths.tests} is not approved and locked`,
    "Move the card through the test lanes first.",
  );
}

/** An answer is kept before it is written: what a crash cut off between the two is made up for. */
async function putBackLastAnswer(run: Run, { tree, paths }: Goal): Promise<void> {
  if (!run.resumed) return;
  const source = lastSource(run);
  if (source === undefined || (await readSource(tree, paths)) === source) return;
  await writeSource(tree, paths, source);
}

async function readSource(tree: StoryTree, { source }: StoryPaths): Promise<string | undefined> {
  return need(await tree.files.read(source), `read ${source}`);
}

async function writeSource(tree: StoryTree, { source }: StoryPaths, content: string): Promise<void> {
  need(await tree.files.write(source, content), `write ${source}`);
}

/** @returns the fixes it took, earlier attempts of the cause included */
async function iterateUntilGreen(run: Run, workspace: Workspace, goal: Goal): Promise<number> {
  const { paths, tree } = goal;
  const limit = run.limits.ralphIterationsMax;
  let iterations = savedIterations(run);
  let feedback = "";
  for (;;) {
    const source = await readSource(tree, paths);
    if (source !== undefined) {
      const result = await runTests(run, workspace, { paths, tree, endless: "red" });
      if (result.green) return iterations;
      feedback = result.output;
    }
    if (iterations >= limit) return giveUp(run, limit, feedback);
    iterations += 1;
    const refusal = await fix(run, { ...goal, source, feedback, iteration: iterations });
    if (refusal !== undefined) feedback = `${feedback}\n\nThe answer before was refused because ${refusal}.`;
  }
}

interface Fix extends Goal {
  readonly source: string | undefined;
  readonly feedback: string;
  readonly iteration: number;
}

/** @returns why the answer was refused */
async function fix(run: Run, request: Fix): Promise<string | undefined> {
  const { paths, tests, tree, source, feedback, iteration } = request;
  const prompt = fixPrompt({
    reference: run.reference,
    attempt: iteration,
    card: run.card,
    sourcePath: paths.source,
    testPath: paths.tests,
    tests,
    source,
    feedback,
  });
  const keep = async (answer: TextCheck): Promise<void> => {
    const kept = { iteration, source: answer.kind === "ok" ? answer.text : (lastSource(run) ?? null) };
    need(await run.record.saveIntent("coder", kept), "keep the coder's answer");
  };
  const answer = await askCoder(run, { prompt, iteration, keep });
  if (answer.kind === "refused") {
    run.ports.log.event("answer.refused", {
      card: run.reference,
      purpose: "code",
      tries: iteration,
      reason: answer.reason,
    });
    return answer.reason;
  }
  await writeSource(tree, paths, answer.text);
  return undefined;
}

function giveUp(run: Run, limit: number, feedback: string): never {
  run.ports.log.event("limit.reached", { limit: "ralphIterationsMax", card: run.reference, value: limit });
  fail(
    "the tests never passed",
    `${limit} fixes were tried. The last result:\n\n${feedback.slice(-1_500)}`,
    "Correct the tests or the story, then move the card back into this lane.",
  );
}

function savedIterations(run: Run): number {
  const saved = run.record.intent("coder");
  return isJsonObject(saved) && typeof saved["iteration"] === "number" ? saved["iteration"] : 0;
}

function lastSource(run: Run): string | undefined {
  const saved = run.record.intent("coder");
  return isJsonObject(saved) && typeof saved["source"] === "string" ? saved["source"] : undefined;
}
