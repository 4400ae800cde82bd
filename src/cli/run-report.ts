import type { ScenarioResult } from "../campaign/explore-scenario.ts";
import { limitRuns } from "../campaign/tally.ts";
import type { Scenario } from "../sim/scenario.ts";
import { exitCodes } from "./exit-codes.ts";
import type { FailureReport } from "./failure-desk.ts";
import type { RunSettings } from "./run-settings.ts";

/** What a campaign came to. */
export interface CampaignReport {
  readonly scenarios: readonly ScenarioReport[];
  readonly wallMs: number;
  /** Of all threads. */
  readonly cpuMs: number;
  readonly interrupted: boolean;
}

export interface ScenarioReport {
  readonly scenario: Scenario;
  readonly result: ScenarioResult;
  readonly failures: readonly FailureReport[];
}

export interface CampaignVerdict {
  readonly exitCode: number;
  /** Each in one sentence. */
  readonly problems: readonly Problem[];
}

export interface Problem {
  readonly kind: "failure" | "infrastructure" | "vacuous" | "limit" | "nothing-run";
  readonly scenario: string;
  readonly text: string;
}

/** What the judgement depends on beside the runs. */
type JudgedSettings = Pick<RunSettings, "judgesGoals" | "shard">;

/** More runs than this share came to a limit: what must happen in the end was not judged often enough. */
const limitShareMax = 0.01;

/** Says whether all held, and if not, what was wrong. */
export function judgeCampaign(
  report: Pick<CampaignReport, "scenarios" | "interrupted">,
  settings: JudgedSettings,
): CampaignVerdict {
  const problems = report.scenarios.flatMap((each) => problemsOf(each, settings));
  return { exitCode: exitCodeOf(report, problems), problems };
}

function exitCodeOf(report: Pick<CampaignReport, "interrupted">, problems: readonly Problem[]): number {
  if (report.interrupted) return exitCodes.interrupted;
  if (problems.some(({ kind }) => kind === "infrastructure")) return exitCodes.broken;
  return problems.length > 0 ? exitCodes.failed : exitCodes.held;
}

function problemsOf({ scenario, result, failures }: ScenarioReport, settings: JudgedSettings): Problem[] {
  const { tally } = result;
  const problems: Problem[] = failures.map(({ failure }) => ({
    kind: failure.kind === "broken" || failure.kind === "died" ? "infrastructure" : "failure",
    scenario: scenario.name,
    text: `${failure.signature} (seed ${failure.seed})`,
  }));
  const add = (kind: Problem["kind"], text: string): void =>
    void problems.push({ kind, scenario: scenario.name, text });
  const limited = limitRuns(tally);
  if (limited > tally.runs * limitShareMax) {
    const limits = Object.keys(tally.limits).toSorted().join(", ");
    add(
      "limit",
      `${limited} of ${tally.runs} runs came to a limit (${limits}), so what must happen in the end was not judged; raise the bounds of the scenario`,
    );
  }
  if (result.end === "interrupted") return problems;
  if (tally.runs === 0 && settings.shard.count === 1) add("nothing-run", "no seed was run");
  if (judgesGoalsOf(result, settings)) {
    const missing = missingGoals(scenario, result);
    if (missing.length > 0) {
      add(
        "vacuous",
        `never happened in ${tally.runs} runs: ${missing.join("; ")}; run more seeds, or widen the scenario`,
      );
    }
  }
  return problems;
}

/** A search that ended at a failure has not had its chance. */
function judgesGoalsOf(result: ScenarioResult, settings: JudgedSettings): boolean {
  return settings.judgesGoals && (result.end === "seeds" || result.end === "duration");
}

export function missingGoals(scenario: Scenario, { tally }: ScenarioResult): string[] {
  return scenario.sometimes.map(({ name }) => name).filter((name) => (tally.sometimes[name] ?? 0) === 0);
}

export function failedRunsOf({ failures }: ScenarioReport): number {
  return failures.reduce((sum, { runs }) => sum + runs, 0);
}

/** By invariant: how many runs broke it. */
export function violationsOf({ failures }: ScenarioReport, invariant: string): number {
  return failures.filter(({ failure }) => failure.invariant === invariant).reduce((sum, { runs }) => sum + runs, 0);
}
