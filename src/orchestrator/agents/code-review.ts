import type { CardRow } from "../board/rows.ts";
import { doneLane, planApprovedLane } from "../decide/lanes.ts";
import { parsePrd, type Story } from "../decide/prd.ts";
import type { Run } from "../runs/run.ts";
import { fail, need } from "../runs/run-stop.ts";
import { listEpicCards, openFanOut } from "../spawn/fan-out.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Check } from "../agent-policies.ts";
import { refuseStale } from "./approved.ts";
import { worksAlone } from "./batch.ts";
import {
  designPath,
  pathsOfStory,
  prdPath,
  readArtifact,
  restoreLocked,
  storyPaths,
  writeArtifact,
  type StoryPaths,
} from "./artifacts.ts";
import { isCommitted, restoreCommitted } from "./git/commit-path.ts";
import { mergeStories } from "./git/merge-stories.ts";
import { withStoryTree, type StoryTree } from "./git/story-tree.ts";
import { runTests } from "./pytest.ts";
import { attachArtifact, comment } from "./report.ts";

/** Lane 9: whether the card may go to its final review. Nothing here fails open. */
export async function codeReview(run: Run): Promise<void> {
  const paths = await storyPaths(run);
  const workspace = await run.workspace();
  const restored = await restoreLocked(run, workspace);
  const detail = restored.length === 0 ? "as approved" : `changed after approval, and put back: ${restored.join(", ")}`;
  const checks: Check[] = [{ name: "approved artifacts", passed: true, detail }];
  const prd = worksAlone(run) ? undefined : await readArtifact(workspace, prdPath);
  if (prd === undefined)
    checks.push(...(await withStoryTree(run, workspace, paths, (tree) => checkStory(run, workspace, { paths, tree }))));
  else checks.push(...(await checkEpic(run, workspace, prd)));
  await report(run, workspace, { paths, checks });
}

async function checkStory(
  run: Run,
  workspace: Workspace,
  { paths, tree }: { readonly paths: StoryPaths; readonly tree: StoryTree },
): Promise<readonly Check[]> {
  await refuseStale(run, workspace, paths.tests);
  // What is reviewed is what was committed; what others did to the file since is put back.
  const committed = await isCommitted(run, tree, paths.source);
  const drifted = committed && (await restoreCommitted(run, tree, paths.source));
  const drift = drifted ? "; it was changed on disk, and put back" : "";
  const locked = workspace.isLocked(paths.tests);
  const source = need(await tree.files.read(paths.source), `read ${paths.source}`);
  const checks: Check[] = [
    { name: "tests", passed: locked, detail: `${paths.tests} is ${locked ? "" : "not "}locked` },
    {
      name: "source",
      passed: source !== undefined,
      detail: `${paths.source} is ${source === undefined ? "absent" : "there"}`,
    },
    { name: "commit", passed: committed, detail: `${paths.source} is ${committed ? "" : "not "}committed${drift}` },
  ];
  if (locked && committed && source !== undefined) {
    const tests = await runTests(run, workspace, { paths, tree, endless: "unclear" });
    checks.push({ name: "pytest", passed: tests.green, detail: tests.output.slice(-1_000) });
  }
  return checks;
}

async function checkEpic(run: Run, workspace: Workspace, prd: string): Promise<readonly Check[]> {
  await refuseStale(run, workspace, prdPath);
  const checks: Check[] = [];
  for (const path of [designPath, prdPath]) {
    const passed = workspace.isLocked(path);
    checks.push({ name: path, passed, detail: passed ? "locked" : "not locked" });
  }
  const check = parsePrd(prd);
  if (check.kind === "invalid") return [...checks, { name: "plan", passed: false, detail: check.errors.join("; ") }];
  const { children } = await listEpicCards(openFanOut(run, check.stories));
  const waiting: string[] = [];
  for (const { id } of check.stories) {
    const cards = children.get(id) ?? [];
    const laneOf = (card: CardRow): number | undefined => run.laneOfColumn(card.column_id);
    if (cards.length > 0 && cards.every((card) => laneOf(card) === doneLane)) continue;
    const reasons = cards.every((card) => laneOf(card) === planApprovedLane)
      ? await checkInBatch(run, workspace, cards[0])
      : ["its card is not done"];
    if (reasons.length > 0) waiting.push(`${id} (${reasons.join(", ")})`);
  }
  const detail = waiting.length === 0 ? "all done" : `not done: ${waiting.join("; ")}`;
  checks.push({ name: "stories", passed: waiting.length === 0, detail });
  if (checks.every(({ passed }) => passed)) checks.push(await mergeAll(run, workspace, check.stories));
  return checks;
}

/** A story whose card never left the lane where the spawner put it was worked as part of its epic: it is reviewed with it. */
async function checkInBatch(run: Run, workspace: Workspace, card: CardRow | undefined): Promise<readonly string[]> {
  if (card === undefined) return ["it has no card"];
  const story = run.ofStory(card);
  const paths = await storyPaths(story);
  if (!workspace.isLocked(paths.tests)) return ["its tests are not approved"];
  const checks = await withStoryTree(story, workspace, paths, (tree) => checkStory(story, workspace, { paths, tree }));
  return checks.filter(({ passed }) => !passed).map(({ detail }) => detail.slice(0, 300));
}

/** The main work tree of the epic holds what its stories made. */
async function mergeAll(run: Run, workspace: Workspace, stories: readonly Story[]): Promise<Check> {
  const refusals = await mergeStories(
    run,
    workspace,
    stories.map(({ id }) => pathsOfStory(run, id)),
  );
  const detail = refusals.map(({ branch, reason }) => `${branch}: ${reason}`).join("; ");
  return { name: "merge", passed: refusals.length === 0, detail: detail === "" ? "all merged" : detail };
}

async function report(
  run: Run,
  workspace: Workspace,
  review: { paths: StoryPaths; checks: readonly Check[] },
): Promise<void> {
  const { paths, checks } = review;
  const failed = checks.filter((check) => !run.policies.review.passes(check));
  const verdict = failed.length === 0 ? "pass" : "fail";
  const json = `${JSON.stringify({ card: run.reference, verdict, checks }, null, 2)}\n`;
  const steps = failed.map((check) => `- ${check.name}: ${check.detail}`);
  const markdown = `# Next steps for ${run.reference}\n\n${steps.length === 0 ? "None: every check passed." : steps.join("\n")}\n`;
  await writeArtifact(workspace, paths.reviewReport, json);
  await writeArtifact(workspace, paths.reviewSteps, markdown);
  await attachArtifact(run, paths.reviewReport, json);
  await attachArtifact(run, paths.reviewSteps, markdown);
  if (failed.length > 0) {
    const advice = `Correct this, then move the card back into this lane. See ${paths.reviewSteps}.`;
    fail("the review did not pass", steps.join("\n"), advice);
  }
  await comment(run, "review", `All ${checks.length} checks passed; the report is attached.`);
}
