import type { Run } from "../runs/run.ts";
import { fail, tryLater } from "../runs/run-stop.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { restoreLocked, type StoryPaths } from "./artifacts.ts";
import { removeStrays } from "./git/remove-strays.ts";
import type { StoryTree } from "./git/story-tree.ts";
import { describeEnd, runRecorded } from "./programs.ts";
import { clearSurroundings, openSurroundings } from "./test-surroundings.ts";

export interface TestRun {
  readonly green: boolean;
  readonly output: string;
}

export interface TestOptions {
  readonly paths: StoryPaths;
  /** Where the source is. The tests stand in the workspace, where they were approved. */
  readonly tree: StoryTree;
  /** What tests that do not end say: of a source that is new, that it is wrong; of one that passed before, nothing. */
  readonly endless: "red" | "unclear";
}

/**
 * Runs the tests of one story, as they were approved from the start of the test run to its end. Red is an answer about the
 * source; a broken environment is not, and asking a coder to mend it would only cost money: the run tries later, and after
 * a few attempts says so.
 */
export async function runTests(run: Run, workspace: Workspace, options: TestOptions): Promise<TestRun> {
  const { tests } = run.policies;
  await tests.restore(run, () => restoreLocked(run, workspace));
  await removeStrays(run, workspace, options);
  const surroundings = await openSurroundings(run, workspace);
  for (let tries = 1; tries <= triesMax; tries++) {
    const result = await runOnce(run, workspace, options);
    const restored = await tests.restore(run, () => restoreLocked(run, workspace));
    await removeStrays(run, workspace, options);
    await clearSurroundings(run, workspace, surroundings);
    if (tests.counts(restored)) return result;
    // Whoever changed the tests, and whatever they then said: it is no answer about the source.
  }
  const reason = "the approved tests are changed whenever they are run";
  if (options.endless === "unclear") tryLater(reason);
  return { green: false, output: `No result counts: ${reason}. The source must not write to tests.` };
}

const triesMax = 3;

async function runOnce(run: Run, workspace: Workspace, { paths, tree, endless }: TestOptions): Promise<TestRun> {
  const outcome = await runRecorded(run, {
    name: "pytest",
    command: "pytest",
    args: ["-q", `${workspace.root}/${paths.tests}`],
    cwd: tree.root,
    env: {
      LC_ALL: "C.UTF-8",
      PYTEST_ADDOPTS: "-p no:cacheprovider",
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONPATH: `${tree.root}:${tree.root}/src`,
    },
    timeLimitMs: run.limits.pytestMsMax,
  });
  const { end } = outcome;
  const output = `${outcome.stdout}\n${outcome.stderr}`.trim();
  const code = end.kind === "code" ? end.code : undefined;
  const verdict = run.policies.tests.verdict(code, output);
  if (verdict !== "unclear") return { green: verdict === "green", output };
  if (end.kind === "timedOut" && endless === "red") {
    return { green: false, output: `${output}\nThe tests did not end within their time limit.` };
  }
  // Pytest calls a source that cannot be imported an error of collection; a broken test file is the same code.
  if (code === 2 && blamesSource(output, paths)) return { green: false, output };
  const reason = `pytest: ${describeEnd(end)}`;
  if (run.attempt >= run.limits.environmentAttemptsMax) {
    run.ports.log.event("limit.reached", {
      limit: "environmentAttemptsMax",
      card: run.reference,
      value: run.attempt,
    });
    const advice = "Mend the test environment, then move the card back into this lane.";
    fail("the tests cannot be run", `${reason}\n\n${output.slice(-1_000)}`, advice);
  }
  tryLater(reason);
}

function blamesSource(output: string, paths: StoryPaths): boolean {
  return output.split("\n").some((line) => line.includes(paths.source) && !line.includes(paths.tests));
}
