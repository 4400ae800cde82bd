import { assert } from "../base/assert.ts";
import { failureOf } from "../campaign/failure.ts";
import { failureStory } from "../cli/failure-story.ts";
import { parseRepro } from "../cli/repro-file.ts";
import { UsageError } from "../cli/usage-error.ts";
import type { JsonValue } from "../base/json.ts";
import { noPaint } from "../report/paint.ts";
import { plainLine } from "../report/plain-line.ts";
import type { Case } from "../sim/case.ts";
import { signatureOf, type Outcome } from "../sim/outcome.ts";
import { runCase } from "../sim/run-case.ts";
import type { Scenario } from "../sim/scenario.ts";
import { checkedScenario } from "./read-sim-test.ts";
import { testCommand } from "./test-place.ts";

/** What vitest tells a matcher, and what it wants back. */
interface MatcherState {
  readonly testPath?: string | undefined;
  readonly currentTestName?: string | undefined;
}
interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What `expect` is to be extended by. */
export const holdMatchers = {
  toHold(this: MatcherState, received: unknown, scenario?: Scenario): MatcherResult | Promise<MatcherResult> {
    if (isOutcome(received)) return judge(received, this);
    return runAndJudge(received, checkedScenario(scenario, "toHold"), this);
  },
} as const;

async function runAndJudge(received: unknown, scenario: Scenario, state: MatcherState): Promise<MatcherResult> {
  return judge(await runCase(scenario, caseOf(received, scenario)), state);
}

function judge(outcome: Outcome, state: MatcherState): MatcherResult {
  const { verdict, stats } = outcome;
  if (verdict.kind === "held") {
    return { pass: true, message: () => `expected the run not to hold, and it did, in ${stats.steps} steps` };
  }
  return { pass: false, message: () => storyOf(outcome, state).join("\n") };
}

function storyOf(outcome: Outcome, state: MatcherState): string[] {
  const { verdict } = outcome;
  const input = outcome.realised();
  const title = `FAILED  ${plainLine(input.scenario, 120)}: ${signatureOf(verdict)}`;
  if (verdict.kind === "limit") {
    const why = `the run reached ${verdict.limit}, ${verdict.value}, before its end`;
    return [`${title}: ${why}, so what must happen in the end was not judged; raise the bounds of the scenario`];
  }
  const failure = failureOf(outcome, { seed: input.drawSeed, strategy: "" }, signatureOf);
  assert(failure !== undefined, "a run that neither held nor came to a limit has failed");
  const replayCommand = commandOf(state);
  return failureStory({ title, failure, input, outcome, shrunk: undefined, replayCommand, paint: noPaint });
}

function commandOf({ testPath, currentTestName }: MatcherState): string {
  if (testPath === undefined || currentTestName === undefined) return "npx vitest run";
  const root = process.cwd();
  return testCommand({ root, file: testPath, names: currentTestName.split(" > "), project: undefined }, root);
}

function isOutcome(value: unknown): value is Outcome {
  return typeof value === "object" && value !== null && "verdict" in value && "history" in value && "realised" in value;
}

/** @throws UsageError for what is no case of the scenario */
function caseOf(received: unknown, scenario: Scenario): Case {
  const isObject = typeof received === "object" && received !== null;
  const isRepro = isObject && "case" in received;
  if (!isRepro && !(isObject && "drawSeed" in received)) {
    throw new UsageError({
      what: "toHold",
      why: `expects the outcome of runCase, or a case with its scenario, and got ${plainLine(String(received), 60)}`,
      fix: "await the outcome, or use await expect(input).toHold(scenario)",
    });
  }
  const input = isRepro ? parseRepro(received as unknown as JsonValue, "toHold").case : (received as Case);
  const refusal = scenario.workloads.refuse(input.workload);
  if (refusal === undefined) return input;
  throw new UsageError({
    what: `toHold: the workload of the case`,
    why: plainLine(refusal, 300),
    fix: `hand over the scenario that the case is of: ${plainLine(input.scenario, 60)}`,
  });
}
