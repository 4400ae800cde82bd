import { stripVTControlCharacters } from "node:util";
import { limitRuns } from "../../campaign/tally.ts";
import type { FailureReport } from "../failure-desk.ts";
import { missingGoals, type CampaignReport, type CampaignVerdict, type ScenarioReport } from "../run-report.ts";

/**
 * A campaign as tools for test results know it: a suite for each scenario, in it a test for each rule and each goal.
 * Names hold no seed, so that the history of a test goes on from campaign to campaign.
 */
export interface TestReport {
  readonly ok: boolean;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly suites: readonly TestSuite[];
}

export interface TestSuite {
  /** The scenario. */
  readonly name: string;
  readonly about: string;
  readonly runs: number;
  readonly durationMs: number;
  readonly tests: readonly TestResult[];
}

export interface TestResult {
  readonly name: string;
  readonly kind: "rule" | "goal" | "campaign";
  /** `skipped`: there was nothing to judge. */
  readonly status: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped, in one sentence. */
  readonly message?: string;
  /** Of a failed one: what shows it. */
  readonly failures: readonly FailureReport[];
}

export function testReport(report: CampaignReport, verdict: CampaignVerdict, startedAtMs: number): TestReport {
  return {
    ok: verdict.exitCode === 0,
    startedAtMs,
    durationMs: Math.round(report.wallMs),
    suites: report.scenarios.map((each) => suiteOf(each, verdict)),
  };
}

function suiteOf(each: ScenarioReport, verdict: CampaignVerdict): TestSuite {
  const { scenario, result } = each;
  return {
    name: scenario.name,
    about: scenario.about,
    runs: result.tally.runs,
    durationMs: Math.round(result.wallMs),
    tests: [...rulesOf(each), ...goalsOf(each, verdict), campaignOf(each, verdict)],
  };
}

function rulesOf({ scenario, result, failures }: ScenarioReport): readonly TestResult[] {
  return scenario.invariants.map(({ id, rule }): TestResult => {
    const broken = failures.filter(({ failure }) => failure.invariant === id);
    const named = { name: `${id}: ${rule}`, kind: "rule", failures: broken } as const;
    if (broken.length > 0) return { ...named, status: "failed", message: messageOf(broken) };
    if ((result.tally.checked[id] ?? 0) > 0) return { ...named, status: "passed" };
    return { ...named, status: "skipped", message: `had nothing to judge in ${result.tally.runs} runs` };
  });
}

/** A goal that was not reached is a failure only where the campaign was long enough to judge that. */
function goalsOf({ scenario, result, failures: _ }: ScenarioReport, verdict: CampaignVerdict): readonly TestResult[] {
  const isVacuous = verdict.problems.some(({ kind, scenario: name }) => kind === "vacuous" && name === scenario.name);
  const missing = new Set(missingGoals(scenario, result));
  return scenario.sometimes.map(({ name }): TestResult => {
    const named = { name: `sometimes: ${name}`, kind: "goal", failures: [] } as const;
    if (!missing.has(name)) return { ...named, status: "passed" };
    const message = `never happened in ${result.tally.runs} runs`;
    return { ...named, status: isVacuous ? "failed" : "skipped", message };
  });
}

/** What is no rule of the system: that runs repeat themselves, come to an end, and were run at all. */
function campaignOf({ scenario, result, failures }: ScenarioReport, verdict: CampaignVerdict): TestResult {
  const rules = new Set(scenario.invariants.map(({ id }) => id));
  const others = failures.filter(({ failure }) => !rules.has(failure.invariant));
  const named = { name: "campaign: runs end, and repeat themselves", kind: "campaign", failures: others } as const;
  const problem = verdict.problems.find(
    ({ kind, scenario: name }) => name === scenario.name && (kind === "limit" || kind === "nothing-run"),
  );
  if (others.length > 0) return { ...named, status: "failed", message: messageOf(others) };
  if (problem !== undefined) return { ...named, status: "failed", message: problem.text };
  const limited = limitRuns(result.tally);
  return limited === 0
    ? { ...named, status: "passed" }
    : { ...named, status: "passed", message: `${limited} of ${result.tally.runs} runs came to a limit` };
}

function messageOf(failures: readonly FailureReport[]): string {
  const [{ failure }] = failures as [FailureReport];
  const others = failures.length === 1 ? "" : ` (and ${failures.length - 1} more)`;
  return `${failure.message}${others}`;
}

export interface TestCounts {
  readonly tests: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function countTests(suites: readonly TestSuite[]): TestCounts {
  const all = suites.flatMap(({ tests }) => tests);
  const count = (status: TestResult["status"]): number => all.filter((test) => test.status === status).length;
  return { tests: all.length, passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
}

/** The story of each failure, without colours, with an empty line between. */
export function storiesOf({ failures }: TestResult): string {
  return failures.map(({ story }) => stripVTControlCharacters(story.join("\n"))).join("\n\n");
}
