import { exploreScenario, type ScenarioResult } from "../../campaign/explore-scenario.ts";
import { countOf, RangeSeeds, splitEvenly, type SeedRange } from "../../campaign/seed-range.ts";
import { addTally, emptyTally, limitRuns, type Tally } from "../../campaign/tally.ts";
import type { Failure } from "../../campaign/failure.ts";
import { budgetOfInvariant } from "../../limits/budgets/budgets.ts";
import type { StrategyName } from "../../explore/explorer.ts";
import type { Counterexample, ScenarioEvidence } from "../../review/evidence.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { FailureDesk } from "../failure-desk.ts";
import type { Host } from "../host.ts";
import { CampaignControls } from "../live/campaign-controls.ts";
import { tellFailure } from "../live/last-failure.ts";
import { startProgress } from "../live/start-progress.ts";
import { closeSoonAfter } from "../run.ts";
import { threadsEngine, toldWorkers } from "../threads-engine.ts";
import { counterexampleOf } from "./counterexample.ts";
import type { CoreRules } from "./core-rules.ts";
import type { ReviewSettings } from "./review-settings.ts";
import { sweepCoverage, type SweptSeeds } from "./sweep-coverage.ts";

export interface EvidenceOptions {
  readonly settings: ReviewSettings;
  readonly host: Host;
  readonly interrupted: AbortSignal;
  readonly coreRules: CoreRules;
}

/** What one strategy's runs of one scenario came to. */
interface Explored {
  readonly scenario: Scenario;
  readonly strategy: StrategyName;
  readonly first: number;
  readonly result: ScenarioResult;
  readonly counterexamples: readonly Counterexample[];
}

/** Runs the campaign, and the further sweep that was asked for. */
export async function campaignEvidence(options: EvidenceOptions): Promise<ScenarioEvidence[]> {
  const { run, sweepRuns } = options.settings;
  const campaign = await explore(run.strategy, run.scenarios, options);
  const sweep = sweepRuns === 0 ? [] : await explore("sweep", sweepSeeds(options.settings), options);
  const evidence: ScenarioEvidence[] = [];
  for (const { scenario } of run.scenarios) {
    const own = [...campaign, ...sweep].filter((each) => each.scenario.name === scenario.name);
    // Nothing was run of it: somebody has interrupted the campaign.
    if (own.length > 0) evidence.push(await scenarioEvidence(own, options));
  }
  return evidence;
}

/** Behind the pairs that the campaign has swept by itself: there every second seed is one. */
function sweepSeeds({ run, sweepRuns }: ReviewSettings): { scenario: Scenario; seeds: SeedRange }[] {
  const shares = splitEvenly(sweepRuns, run.scenarios.length);
  return run.scenarios.map(({ scenario, seeds }, index) => ({
    scenario,
    seeds: { ...seeds, first: Math.ceil((seeds.first + countOf(seeds)) / 2), count: shares[index]! },
  }));
}

async function explore(
  strategy: StrategyName,
  planned: readonly { readonly scenario: Scenario; readonly seeds: SeedRange }[],
  { settings, host, interrupted }: EvidenceOptions,
): Promise<Explored[]> {
  const run = { ...settings.run, strategy };
  const controls = new CampaignControls(interrupted);
  const executor = controls.gate(await threadsEngine({ workers: run.workers, settings: toldWorkers(run, host) }));
  const { stopped, stopwatch } = controls;
  closeSoonAfter(stopped, executor);
  const desk = new FailureDesk({
    settings: { ...run, explains: false },
    host,
    executor,
    interrupted: stopped,
    shrinkExecutions,
  });
  const progress = await startProgress({
    host,
    plan: {
      scenarios: planned.length,
      seeds: planned.reduce((sum, { seeds }) => sum + countOf(seeds), 0),
      durationMs: 0,
    },
    controls,
    tell: (found, paint) =>
      tellFailure(found, { host, reproFile: desk.nameOf(found.scenario.name, found.failure), paint }),
  });
  const explored: Explored[] = [];
  try {
    for (const { scenario, seeds } of planned) {
      if (stopped.aborted) break;
      progress.begin(scenario);
      const campaign = {
        scenario: scenario.name,
        seeds: new RangeSeeds(seeds),
        failuresMax: run.failuresMax,
        doubleRunsPpm: run.doubleRunsPpm,
        executor,
        signal: stopped,
        nowMs: () => stopwatch.elapsedMs(),
        onProgress: (...chunk: Parameters<typeof progress.add>) => progress.add(...chunk),
        onFailure: (failure: Failure) => {
          desk.persist(scenario, failure);
          progress.fail(failure);
          // Each further one takes the patience of the watchdog. It is read after each failure, in order of seeds.
          if (failure.kind === "livelock" || failure.kind === "died") campaign.failuresMax = 1;
        },
      };
      const result = await exploreScenario(campaign);
      progress.end(countOf(seeds));
      const counterexamples: Counterexample[] = [];
      for (const failure of result.failures) {
        const runs = result.failedRuns[failure.signature] ?? 1;
        counterexamples.push(await counterexampleOf(scenario, await desk.report(scenario.name, failure, runs)));
      }
      progress.clear();
      explored.push({ scenario, strategy, first: seeds.first, result, counterexamples });
    }
  } finally {
    progress.stop();
    await executor.close();
  }
  return explored;
}

/** Of one failure: a few seconds for most. */
const shrinkExecutions = 250;

async function scenarioEvidence(
  explored: readonly Explored[],
  { coreRules }: EvidenceOptions,
): Promise<ScenarioEvidence> {
  const [{ scenario, first }] = explored as [Explored];
  const tally = emptyTally();
  for (const { result } of explored) addTally(tally, result.tally);
  const swept = explored.map(({ strategy, first: from, result }): SweptSeeds => ({
    strategy,
    seeds: { first: from, count: result.tally.runs },
  }));
  const counterexamples = distinct(explored.flatMap((each) => each.counterexamples));
  const hangs = counterexamples.some(({ kind }) => kind === "livelock" || kind === "died");
  const judged = scenario.invariants.map(({ id, rule }) => ({
    id,
    rule,
    isBuiltIn: coreRules.get(id) === rule,
    runs: tally.exercised[id] ?? 0,
    checks: tally.checked[id] ?? 0,
  }));
  return {
    name: scenario.name,
    about: scenario.about,
    families: scenario.faults.families,
    runs: tally.runs,
    firstSeed: first,
    runsTwice: tally.runTwice,
    runsCutOff: limitRuns(tally),
    invariants: judged.filter(({ id }) => budgetOfInvariant(id) === undefined),
    budgets: judged.filter(({ id }) => budgetOfInvariant(id) !== undefined),
    counterexamples,
    goalsMissed: missedGoals(scenario, tally),
    goals: scenario.sometimes.length,
    // What never comes back in a worker would never come back here.
    sweep: hangs ? { pairs: 0, tried: 0 } : await sweepCoverage(scenario, swept),
  };
}

function missedGoals({ sometimes }: Scenario, tally: Tally): string[] {
  return sometimes.map(({ name }) => name).filter((name) => (tally.sometimes[name] ?? 0) === 0);
}

/** The sweep finds again what the campaign has found. */
function distinct(counterexamples: readonly Counterexample[]): Counterexample[] {
  const bySignature = new Map<string, Counterexample>();
  for (const each of counterexamples) {
    const known = bySignature.get(each.signature);
    bySignature.set(each.signature, known === undefined ? each : { ...known, runs: known.runs + each.runs });
  }
  return [...bySignature.values()];
}
