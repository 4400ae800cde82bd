import type { Segment } from "../../campaign/explore-seeds.ts";
import type { Failure } from "../../campaign/failure.ts";
import { addTally, emptyTally, type Tally } from "../../campaign/tally.ts";
import type { Scenario } from "../../sim/scenario.ts";

/** What a campaign is meant to run. */
export interface LivePlan {
  readonly scenarios: number;
  /** Undefined when time decides; then `durationMs` is the time of all scenarios. */
  readonly seeds: number | undefined;
  readonly durationMs: number;
}

/** One kind of failure of one scenario. */
export interface LiveFailure {
  readonly scenario: Scenario;
  readonly failure: Failure;
}

/** What somebody who watches a campaign is told. */
export interface LiveFigures {
  readonly scenario: string;
  /** Counted from 1. */
  readonly scenarioNumber: number;
  readonly scenarios: number;
  readonly runs: number;
  /** Runs that there will be, unless more scenarios fail before their end. */
  readonly runsTotal: number | undefined;
  /** 0 to 1. */
  readonly share: number;
  readonly elapsedMs: number;
  /** Undefined as long as nothing is known of it. */
  readonly leftMs: number | undefined;
  readonly runsPerSecond: number;
  readonly opsPerSecond: number;
  readonly failedRuns: number;
  /** The newest one last. */
  readonly failures: readonly LiveFailure[];
  readonly sometimes: Watched;
  readonly invariants: Watched;
  /** Of scenarios that are done: goals that no run of them reached. */
  readonly missedGoals: readonly { readonly scenario: string; readonly goals: readonly string[] }[];
}

export interface Watched {
  readonly total: number;
  /** Those that no run has come to yet. */
  readonly missing: readonly string[];
}

/** Adds up a campaign while it runs. Counts may include runs that are left out of the report in the end. */
export class LiveTotals {
  private readonly plan: LivePlan;
  private readonly failures: LiveFailure[] = [];
  private readonly missedGoals: { readonly scenario: string; readonly goals: readonly string[] }[] = [];
  /** Of the last seconds, and the newest one before them. */
  private readonly samples: { readonly elapsedMs: number; readonly runs: number; readonly ops: number }[] = [
    { elapsedMs: 0, runs: 0, ops: 0 },
  ];
  private scenario: Scenario | undefined;
  private scenarioNumber = 0;
  private tally: Tally = emptyTally();
  private runs = 0;
  private ops = 0;
  private failedRuns = 0;
  private runsBefore = 0;
  /** Seeds that will not be run: their scenario failed before. */
  private skipped = 0;

  constructor(plan: LivePlan) {
    this.plan = plan;
  }

  /** @param recorded what earlier sittings came to */
  begin(scenario: Scenario, recorded: Tally = emptyTally()): void {
    this.scenario = scenario;
    this.scenarioNumber++;
    this.runsBefore = this.runs;
    this.tally = emptyTally();
    addTally(this.tally, recorded);
  }

  add(runs: number, ops: number, failures: number, segments: readonly Segment[]): void {
    this.runs += runs;
    this.ops += ops;
    this.failedRuns += failures;
    for (const { tally } of segments) addTally(this.tally, tally);
  }

  fail(failure: Failure): void {
    if (this.scenario !== undefined) this.failures.push({ scenario: this.scenario, failure });
  }

  /** The scenario is done, perhaps before its last seed. @param seeds those that it was meant to run */
  end(seeds: number): void {
    this.skipped += Math.max(0, seeds - (this.runs - this.runsBefore));
    const goals = this.watchedGoals().missing;
    if (goals.length > 0) this.missedGoals.push({ scenario: this.scenario?.name ?? "", goals });
  }

  get lastFailure(): LiveFailure | undefined {
    return this.failures.at(-1);
  }

  /** Rates are those of the last seconds before `elapsedMs`, which never goes back. */
  figures(elapsedMs: number): LiveFigures {
    const { plan, runs } = this;
    const { runsPerSecond, opsPerSecond } = this.rates(elapsedMs);
    const runsTotal = plan.seeds === undefined ? undefined : Math.max(runs, plan.seeds - this.skipped);
    const timeLeftMs = Math.max(0, plan.durationMs - elapsedMs);
    const byRateMs = runsPerSecond === 0 ? undefined : (((runsTotal ?? 0) - runs) * 1000) / runsPerSecond;
    const share =
      runsTotal === undefined ? 1 - timeLeftMs / Math.max(1, plan.durationMs) : runs / Math.max(1, runsTotal);
    return {
      scenario: this.scenario?.name ?? "",
      scenarioNumber: this.scenarioNumber,
      scenarios: plan.scenarios,
      runs,
      runsTotal,
      share: Math.min(1, Math.max(0, share)),
      elapsedMs,
      leftMs: runsTotal === undefined ? timeLeftMs : byRateMs,
      runsPerSecond,
      opsPerSecond,
      failedRuns: this.failedRuns,
      failures: this.failures,
      sometimes: this.watchedGoals(),
      invariants: this.watchedInvariants(),
      missedGoals: this.missedGoals,
    };
  }

  private rates(elapsedMs: number): { readonly runsPerSecond: number; readonly opsPerSecond: number } {
    this.samples.push({ elapsedMs, runs: this.runs, ops: this.ops });
    while (this.samples.length > 2 && this.samples[1]!.elapsedMs <= elapsedMs - rateWindowMs) this.samples.shift();
    const from = this.samples[0]!;
    const seconds = Math.max(1, elapsedMs - from.elapsedMs) / 1000;
    return { runsPerSecond: (this.runs - from.runs) / seconds, opsPerSecond: (this.ops - from.ops) / seconds };
  }

  private watchedGoals(): Watched {
    const goals = this.scenario?.sometimes ?? [];
    const missing = goals.map(({ name }) => name).filter((name) => (this.tally.sometimes[name] ?? 0) === 0);
    return { total: goals.length, missing };
  }

  private watchedInvariants(): Watched {
    const invariants = this.scenario?.invariants ?? [];
    const missing = invariants.map(({ id }) => id).filter((id) => (this.tally.checked[id] ?? 0) === 0);
    return { total: invariants.length, missing };
  }
}

const rateWindowMs = 5_000;
