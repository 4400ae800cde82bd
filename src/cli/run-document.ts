import type { JsonObject } from "../base/json.ts";
import type { ScenarioResult } from "../campaign/explore-scenario.ts";
import { secondRunDiffers } from "../campaign/explore-seeds.ts";
import type { CampaignProgress, Progress } from "../campaign/saturation.ts";
import { hitRate } from "../campaign/saturation-interval.ts";
import type { Failure } from "../campaign/failure.ts";
import { addTally, emptyTally } from "../campaign/tally.ts";
import { budgetOfInvariant } from "../limits/budgets/budgets.ts";
import { ownVersion } from "./own-package.ts";
import { violationsOf, type CampaignReport, type CampaignVerdict, type ScenarioReport } from "./run-report.ts";
import type { RunSettings } from "./run-settings.ts";

/** The document of `run --json`. Fields are added, never renamed, while `version` is 1. Rates count exploring alone. */
export function runDocument(report: CampaignReport, verdict: CampaignVerdict, settings: RunSettings): JsonObject {
  const total = emptyTally();
  for (const { result } of report.scenarios) addTally(total, result.tally);
  const exploringMs = report.scenarios.reduce((sum, { result }) => sum + result.wallMs, 0);
  return {
    version: 1,
    stormlane: ownVersion(),
    command: "run",
    ok: verdict.exitCode === 0,
    exitCode: verdict.exitCode,
    interrupted: report.interrupted,
    problems: verdict.problems.map((problem) => ({ ...problem })),
    seeds: { requested: settings.seedsRequested ?? null, run: total.runs },
    shard: { ...settings.shard },
    mutant: settings.mutant ?? null,
    budgets: (settings.budgets ?? null) as JsonObject | null,
    workers: settings.workers,
    wallMs: Math.round(report.wallMs),
    cpuMs: Math.round(report.cpuMs),
    seedsPerSecond: perSecond(total.runs, exploringMs),
    opsPerSecond: perSecond(total.ops, exploringMs),
    scenarios: report.scenarios.map((each) => scenarioDocument(each, settings)),
    determinism: { checked: total.runTwice, mismatches: mismatches(report) },
  };
}

function scenarioDocument(each: ScenarioReport, settings: RunSettings): JsonObject {
  const { scenario, result, failures } = each;
  const { tally } = result;
  return {
    name: scenario.name,
    runs: tally.runs,
    ops: tally.ops,
    steps: tally.steps,
    events: tally.events,
    virtualMs: tally.virtualUs / 1000,
    wallMs: Math.round(result.wallMs),
    strategy: settings.strategy,
    end: result.end,
    limits: { ...tally.limits },
    failures: failures.map((report) => ({
      kind: report.failure.kind,
      category: categoryOf(report.failure),
      signature: report.failure.signature,
      invariant: report.failure.invariant,
      message: report.failure.message,
      seed: report.failure.seed,
      strategy: report.failure.strategy,
      runs: report.runs,
      reproFile: report.reproFile ?? null,
      faults: report.case?.faults.length ?? null,
      preemptions: report.case?.preemptions.length ?? null,
      delays: report.case?.delays.length ?? null,
      steps: report.steps,
      minimal: report.shrunk?.minimal ?? false,
      replayCommand: report.replayCommand,
    })),
    progress: result.progress === undefined ? null : progressDocument(result, result.progress),
    sometimes: scenario.sometimes.map(({ name }) => {
      const hits = tally.sometimes[name] ?? 0;
      return { name, hits, rate: { ...hitRate(hits, tally.runs) } };
    }),
    invariants: scenario.invariants.map(({ id }) => ({
      id,
      checked: tally.checked[id] ?? 0,
      violations: violationsOf(each, id),
    })),
  };
}

function categoryOf({ kind, invariant }: Failure): string {
  if (kind !== "violated") return kind;
  return budgetOfInvariant(invariant) === undefined ? "invariant" : "budget";
}

/** All but `distinctPerSecond`, which is wall time, is a function of the seeds. */
function progressDocument({ wallMs }: ScenarioResult, { strategies, ...whole }: CampaignProgress): JsonObject {
  return {
    ...plainProgress(whole),
    distinctPerSecond: perSecond(whole.distinctTimelines, wallMs),
    strategies: strategies.map(({ strategy, ...own }) => ({ strategy, ...plainProgress(own) })),
  };
}

function plainProgress({ unseenMass, latest, nextNewRuns, curve, ...rest }: Progress): JsonObject {
  return {
    ...rest,
    unseenMass: { ...unseenMass },
    latest: { ...latest },
    nextNewRuns: { ...nextNewRuns },
    curve: curve.map((point) => ({ ...point })),
  };
}

function mismatches(report: CampaignReport): number {
  return report.scenarios
    .flatMap(({ failures }) => failures)
    .filter(({ failure }) => failure.signature === secondRunDiffers)
    .reduce((sum, { runs }) => sum + runs, 0);
}

export function perSecond(count: number, wallMs: number): number {
  return wallMs <= 0 ? 0 : Math.round((count * 1000) / wallMs);
}
