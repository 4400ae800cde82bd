import { exploreScenario, type ScenarioResult } from "../campaign/explore-scenario.ts";
import type { Failure } from "../campaign/failure.ts";
import { countOf, RangeSeeds } from "../campaign/seed-range.ts";
import type { TaskExecutor } from "../campaign/task.ts";
import { noPaint } from "../report/paint.ts";
import { prepareFolder } from "./atomic-file.ts";
import { exhaustiveStrategy, refuseExhaustiveFlags } from "./exhaustive-settings.ts";
import { FailureDesk, type FailureReport } from "./failure-desk.ts";
import type { Host } from "./host.ts";
import { CampaignControls } from "./live/campaign-controls.ts";
import { tellFailure } from "./live/last-failure.ts";
import { startProgress } from "./live/start-progress.ts";
import { widthOfOut } from "./live/terminal.ts";
import { writeReports } from "./reporters/reporters.ts";
import { testReport } from "./reporters/test-report.ts";
import { judgeCampaign, type CampaignReport, type CampaignVerdict, type ScenarioReport } from "./run-report.ts";
import { runDocument } from "./run-document.ts";
import { readRunSettings, type RunFlags, type RunSettings } from "./run-settings.ts";
import { summaryLines } from "./run-summary.ts";
import { terminalPaint } from "./terminal-paint.ts";
import { threadsEngine, toldWorkers } from "./threads-engine.ts";

/** `stormlane run`: runs scenarios over seeds. @returns the exit code */
export async function run(names: readonly string[], flags: RunFlags, host: Host): Promise<number> {
  if (flags["watch"] === true) return (await import("./watch/watch-command.ts")).watch(names, flags, host);
  if (flags["strategy"] === exhaustiveStrategy)
    return (await import("./exhaustive-command.ts")).runExhaustive(names, flags, host);
  refuseExhaustiveFlags(flags);
  return (await runToVerdict(names, flags, host)).exitCode;
}

/** One campaign, with all that it prints and writes. */
export async function runToVerdict(names: readonly string[], flags: RunFlags, host: Host): Promise<CampaignVerdict> {
  const settings = await readRunSettings(names, flags, host);
  prepareFolder("--out", settings.outPath);
  const startedAtMs = Date.now();
  const controls = new CampaignControls(host.takeInterruptions());
  const executor = controls.gate(
    await threadsEngine({ workers: settings.workers, settings: toldWorkers(settings, host) }),
  );
  try {
    const report = await runCampaign(settings, host, executor, controls);
    const verdict = judgeCampaign(report, settings);
    writeReports(settings.reporters, testReport(report, verdict, startedAtMs), {
      host,
      stepSummary: process.env["GITHUB_STEP_SUMMARY"],
    });
    if (settings.json) {
      host.writeOut(`${JSON.stringify(runDocument(report, verdict, settings))}\n`);
    } else {
      const paint = host.outIsTerminal ? terminalPaint : noPaint;
      host.writeOut(`${summaryLines(report, verdict, settings, paint, widthOfOut(host.terminal)).join("\n")}\n`);
    }
    return verdict;
  } finally {
    await executor.close();
  }
}

async function runCampaign(
  settings: RunSettings,
  host: Host,
  executor: TaskExecutor,
  controls: CampaignControls,
): Promise<CampaignReport> {
  const { stopped: interrupted, stopwatch } = controls;
  closeSoonAfter(interrupted, executor);
  const startCpu = process.cpuUsage();
  const desk = new FailureDesk({ settings, host, executor, interrupted });
  const progress = await startProgress({
    host,
    plan: {
      scenarios: settings.scenarios.length,
      seeds: settings.seedsRequested,
      durationMs: (settings.durationMs ?? 0) * settings.scenarios.length,
    },
    controls,
    tell: (found, paint) =>
      tellFailure(found, {
        host,
        reproFile: desk.nameOf(found.scenario.name, found.failure),
        paint,
      }),
  });
  const scenarios: ScenarioReport[] = [];
  try {
    for (const { scenario, seeds } of settings.scenarios) {
      if (interrupted.aborted) break;
      progress.begin(scenario);
      const result = await exploreScenario({
        scenario: scenario.name,
        seeds: new RangeSeeds(seeds),
        ...(settings.durationMs === undefined ? {} : { durationMs: settings.durationMs }),
        failuresMax: settings.failuresMax,
        doubleRunsPpm: settings.doubleRunsPpm,
        executor,
        signal: interrupted,
        nowMs: () => stopwatch.elapsedMs(),
        onProgress: (runs, ops, failures, segments) => progress.add(runs, ops, failures, segments),
        onFailure: (failure) => {
          desk.persist(scenario, failure);
          progress.fail(failure);
        },
      });
      progress.end(countOf(seeds));
      const failures = await reportFailures(result, scenario.name, desk);
      progress.clear();
      for (const { story } of failures) print(story, settings, host);
      scenarios.push({ scenario, result, failures });
    }
  } finally {
    progress.stop();
  }
  const { user, system } = process.cpuUsage(startCpu);
  return {
    scenarios,
    wallMs: stopwatch.elapsedMs(),
    cpuMs: (user + system) / 1000,
    interrupted: interrupted.aborted,
  };
}

async function reportFailures(result: ScenarioResult, scenario: string, desk: FailureDesk): Promise<FailureReport[]> {
  const reports: FailureReport[] = [];
  for (const failure of result.failures) {
    reports.push(await desk.report(scenario, failure, runsThatFailedSo(result, failure)));
  }
  return reports;
}

function runsThatFailedSo(result: ScenarioResult, failure: Failure): number {
  return result.failedRuns[failure.signature] ?? 1;
}

/** With `--json` the story would be in the way: its last line, the replay command, is also in the document. */
function print(story: readonly string[], settings: RunSettings, host: Host): void {
  if (!settings.json) host.writeOut(`${story.join("\n")}\n\n`);
}

/** What is on its way gets a moment to end by itself; a run that hangs does not hold up the report. */
export function closeSoonAfter(interrupted: AbortSignal, executor: TaskExecutor): void {
  interrupted.addEventListener("abort", () => void setTimeout(() => void executor.close(), interruptionMs).unref());
}

const interruptionMs = 1_500;
