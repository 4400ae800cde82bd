import { dirname } from "node:path";
import type { JsonObject } from "../base/json.ts";
import { exploreScenario, type ScenarioResult } from "../campaign/explore-scenario.ts";
import { standingOf, type StandingFailure } from "../campaign/ledger/failure-state.ts";
import { Ledger } from "../campaign/ledger/ledger.ts";
import { LedgerError } from "../campaign/ledger/ledger-error.ts";
import { PendingSeeds } from "../campaign/ledger/pending-seeds.ts";
import { recordedResult } from "../campaign/ledger/recorded-result.ts";
import { RedisError } from "../campaign/queue/redis-error.ts";
import { countOf } from "../campaign/seed-range.ts";
import type { TaskExecutor } from "../campaign/task.ts";
import { noPaint } from "../report/paint.ts";
import type { Scenario } from "../sim/scenario.ts";
import { prepareFolder } from "./atomic-file.ts";
import { readCampaignPlan, targetKey, variantOf, type CampaignPlan } from "./campaign-settings.ts";
import { exitCodes } from "./exit-codes.ts";
import { FailureDesk, type FailureDeskOptions, type FailureReport } from "./failure-desk.ts";
import type { Host } from "./host.ts";
import { CampaignControls } from "./live/campaign-controls.ts";
import { tellFailure } from "./live/last-failure.ts";
import { startProgress } from "./live/start-progress.ts";
import { widthOfOut } from "./live/terminal.ts";
import type { Progress } from "./progress.ts";
import { closeSoonAfter } from "./run.ts";
import { runDocument } from "./run-document.ts";
import { writeReports } from "./reporters/reporters.ts";
import { testReport } from "./reporters/test-report.ts";
import { judgeCampaign, type CampaignReport, type ScenarioReport } from "./run-report.ts";
import type { RunFlags } from "./run-settings.ts";
import { summaryLines } from "./run-summary.ts";
import { prepareBlob, writeBlob } from "./shard-file.ts";
import { standingDocument, standingLines } from "./standing-lines.ts";
import { terminalPaint } from "./terminal-paint.ts";
import { threadsEngine, toldWorkers } from "./threads-engine.ts";
import { UsageError } from "./usage-error.ts";

/** `stormlane campaign`: runs what a ledger does not have yet, and reports on all that it has. @returns the exit code */
export async function campaign(names: readonly string[], flags: RunFlags, host: Host): Promise<number> {
  const plan = await readCampaignPlan(names, flags, host);
  try {
    prepareFolder("--out", plan.run.outPath);
    if (plan.onlyReports) return await reportLedger(plan, host);
    prepareFolder("--ledger", dirname(plan.ledgerPath));
    const ledger = Ledger.open(plan.ledgerPath);
    try {
      return await new Campaign(plan, host, ledger).run();
    } finally {
      ledger.close();
    }
  } catch (error) {
    if (error instanceof RedisError) {
      host.writeError(`stormlane: ${error.message}\n`);
      return exitCodes.broken;
    }
    if (!(error instanceof LedgerError)) throw error;
    if (error.kind === "unusable") throw new UsageError({ what: `--ledger ${plan.ledgerFile}`, ...error });
    host.writeError(`stormlane: ${error.message}\n`);
    return exitCodes.broken;
  }
}

/** `campaign --report`: what the ledger says, also while a campaign writes it. Nothing is run but smallest cases, to tell them. */
async function reportLedger(plan: CampaignPlan, host: Host): Promise<number> {
  const ledger = Ledger.open(plan.ledgerPath, { readOnly: true });
  try {
    return await new Campaign(plan, host, ledger).report();
  } finally {
    ledger.close();
  }
}

class Campaign {
  private readonly plan: CampaignPlan;
  private readonly host: Host;
  private readonly ledger: Ledger;

  constructor(plan: CampaignPlan, host: Host, ledger: Ledger) {
    this.plan = plan;
    this.host = host;
    this.ledger = ledger;
  }

  async run(): Promise<number> {
    const { plan, host, ledger } = this;
    const { run, code } = plan;
    const targets = run.scenarios.map(({ scenario }) => ledger.target(targetKey(plan, scenario.name)));
    prepareBlob(plan, ledger, targets, host);
    const session = ledger.beginSession(code);
    const recordedRuns = targets.map((target) => ledger.runsOf(target));
    const recordedBefore = sum(recordedRuns);
    const controls = new CampaignControls(host.takeInterruptions());
    const { stopped: interrupted, stopwatch } = controls;
    const engine = await plan.engine({
      workers: run.workers,
      settings: toldWorkers(run, host),
      codeHash: code,
      onSecondResult: (name, rows) => {
        const target = targets[run.scenarios.findIndex(({ scenario }) => scenario.name === name)];
        if (target !== undefined) ledger.compareRows(target, rows);
      },
    });
    const executor = controls.gate(engine);
    closeSoonAfter(interrupted, executor);
    const startCpu = process.cpuUsage();
    const progress = await startProgress({
      host,
      plan: {
        scenarios: run.scenarios.length,
        seeds: run.seedsRequested === undefined ? undefined : Math.max(0, run.seedsRequested - recordedBefore),
        durationMs: (run.durationMs ?? 0) * run.scenarios.length,
      },
      controls,
      tell: (found, paint) => {
        const desk = this.desk(executor, interrupted);
        return tellFailure(found, {
          host,
          reproFile: desk.nameOf(found.scenario.name, found.failure),
          paint,
        });
      },
    });
    const scenarios: ScenarioReport[] = [];
    try {
      for (const [index, { scenario, seeds }] of run.scenarios.entries()) {
        if (interrupted.aborted) break;
        const target = targets[index]!;
        progress.begin(scenario, ledger.tallyOf(target));
        await this.runAgain(scenario, target, executor);
        const ran = await this.explore(index, target, session, executor, controls, progress);
        progress.end(countOf(seeds) - recordedRuns[index]!);
        const result = recordedResult(ledger, target, scenario.name, ran.end);
        const failures = await this.reportFailures(scenario, target, result, executor, interrupted);
        progress.clear();
        if (!run.json) for (const { story } of failures) host.writeOut(`${story.join("\n")}\n\n`);
        scenarios.push({ scenario, result, failures });
      }
    } finally {
      progress.stop();
      await executor.close();
    }
    const { user, system } = process.cpuUsage(startCpu);
    const report: CampaignReport = {
      scenarios,
      wallMs: stopwatch.elapsedMs(),
      cpuMs: (user + system) / 1000,
      interrupted: interrupted.aborted,
    };
    if (plan.blobFile !== undefined) writeBlob(plan, report, ledger, targets, host);
    return this.conclude(report, session, sum(targets.map((target) => ledger.runsOf(target))) - recordedBefore);
  }

  /** Of what was recorded until now. */
  async report(): Promise<number> {
    const { plan, ledger, host } = this;
    const known = ledger.targets();
    const scenarios: ScenarioReport[] = [];
    const executor = await threadsEngine({ workers: 0, settings: toldWorkers(plan.run, host) });
    const never = new AbortController().signal;
    for (const { scenario } of plan.run.scenarios) {
      const { variant, code, strategy } = targetKey(plan, scenario.name);
      const found = known.find(
        (each) =>
          each.scenario === scenario.name &&
          each.variant === variant &&
          each.code === code &&
          each.strategy === strategy,
      );
      if (found === undefined) continue;
      const result = recordedResult(ledger, found.id, scenario.name, "duration");
      const failures = await this.reportFailures(scenario, found.id, result, executor, never);
      scenarios.push({ scenario, result, failures });
    }
    await executor.close();
    if (scenarios.length === 0) {
      throw new UsageError({
        what: `--ledger ${plan.ledgerFile}`,
        why: `has no runs of these scenarios by the present code (${plan.code.slice(0, 12)})`,
        fix: "run the campaign first, with the same scenarios, strategy and mutant",
      });
    }
    return this.conclude({ scenarios, wallMs: 0, cpuMs: 0, interrupted: false }, ledger.lastSession, 0);
  }

  /** Some recorded seeds once more: were the hash of the code to leave out what a run depends on, they would differ. */
  private async runAgain(scenario: Scenario, target: number, executor: TaskExecutor): Promise<void> {
    const recorded = this.ledger.recordedSeeds(target);
    const step = Math.max(1, Math.ceil(recorded.length / seedsAgain));
    const seeds = recorded.filter((_, index) => index % step === 0);
    // A seed that hung or broke its worker would do so again, and leaves nothing to compare.
    if (seeds.length === 0 || this.ledger.failuresOf(target).some(({ failure }) => failure.case === undefined)) return;
    const end = await executor.run({
      kind: "explore",
      scenario: scenario.name,
      seeds,
      failuresMax: seeds.length + 1,
      doubleRunsPpm: 0,
      withRows: true,
    });
    if (end.kind !== "answered" || end.answer.kind !== "explored") return;
    for (const { rows } of end.answer.segments) if (rows !== undefined) this.ledger.compareRows(target, rows);
  }

  private explore(
    index: number,
    target: number,
    session: number,
    executor: TaskExecutor,
    { stopped: signal, stopwatch }: CampaignControls,
    progress: Progress,
  ): Promise<ScenarioResult> {
    const { run } = this.plan;
    const { scenario, seeds } = run.scenarios[index]!;
    const desk = this.desk(executor, signal);
    let recordedAtMs = stopwatch.elapsedMs();
    return exploreScenario({
      scenario: scenario.name,
      seeds: new PendingSeeds(this.ledger, target, seeds),
      ...(run.durationMs === undefined ? {} : { durationMs: run.durationMs }),
      failuresMax: run.failuresMax,
      doubleRunsPpm: run.doubleRunsPpm,
      executor,
      signal,
      nowMs: () => stopwatch.elapsedMs(),
      onProgress: (runs, ops, failures, segments) => progress.add(runs, ops, failures, segments),
      onFailure: (failure) => {
        // What the ledger has of it may be smaller.
        const recorded = this.ledger.failuresOf(target).find((each) => each.failure.signature === failure.signature);
        desk.persist(scenario, recorded?.case === undefined ? failure : { ...failure, case: recorded.case });
        progress.fail(failure);
      },
      onChunk: (segments) => {
        const nowMs = stopwatch.elapsedMs();
        this.ledger.recordChunk(target, session, segments, nowMs - recordedAtMs);
        recordedAtMs = nowMs;
      },
    });
  }

  /** Cases that were made small before are told as they are; the others are made small first. */
  private async reportFailures(
    scenario: Scenario,
    target: number,
    result: ScenarioResult,
    executor: TaskExecutor,
    interrupted: AbortSignal,
  ): Promise<FailureReport[]> {
    const { ledger, plan } = this;
    const desk = this.desk(executor, interrupted, (_, failure, smaller) => ledger.keepCase(target, failure, smaller));
    const recorded = new Map(ledger.failuresOf(target).map((each) => [each.failure.signature, each]));
    const reports: FailureReport[] = [];
    for (const failure of result.failures) {
      const runs = result.failedRuns[failure.signature]!;
      const kept = recorded.get(failure.signature);
      if (kept?.case !== undefined && (kept.shrunk !== undefined || plan.onlyReports)) {
        reports.push(await desk.reportKept(scenario, failure, runs, { case: kept.case, shrunk: kept.shrunk }));
        continue;
      }
      if (plan.onlyReports) {
        reports.push(desk.reportSeed(scenario.name, failure, runs));
        continue;
      }
      desk.persist(scenario, failure);
      const report = await desk.report(scenario.name, failure, runs);
      if (report.case !== undefined && report.shrunk !== undefined && !interrupted.aborted) {
        const { executions, minimal, actors } = report.shrunk;
        ledger.keepCase(target, failure, report.case, { executions, minimal, actors });
      }
      reports.push(report);
    }
    return reports;
  }

  private desk(
    executor: TaskExecutor,
    interrupted: AbortSignal,
    onSmaller: FailureDeskOptions["onSmaller"] = () => {},
  ): FailureDesk {
    const { run, onlyReports } = this.plan;
    const settings = { ...run, explains: run.explains && !onlyReports };
    return new FailureDesk({ settings, host: this.host, executor, interrupted, onSmaller });
  }

  private conclude(report: CampaignReport, session: number, ran: number): number {
    const { plan, host } = this;
    const verdict = judgeCampaign(report, plan.run);
    const standing = this.standing(report, session);
    writeReports(plan.run.reporters, testReport(report, verdict, plan.startedAtMs), {
      host,
      stepSummary: process.env["GITHUB_STEP_SUMMARY"],
    });
    if (plan.run.json) {
      const document: JsonObject = {
        ...runDocument(report, verdict, plan.run),
        command: "campaign",
        ledger: { file: plan.ledgerFile, code: plan.code, session, ran },
        standing: standing.map(({ scenario, failures }) => standingDocument(scenario, failures)),
      };
      host.writeOut(`${JSON.stringify(document)}\n`);
      return verdict.exitCode;
    }
    const paint = host.outIsTerminal ? terminalPaint : noPaint;
    const lines = [
      ...standing.flatMap(({ scenario, failures }) => standingLines(scenario, failures)),
      ...summaryLines(report, verdict, plan.run, paint, widthOfOut(host.terminal)),
      `ledger ${plan.ledgerFile}: ${ran} runs more by code ${plan.code.slice(0, 12)}`,
    ];
    host.writeOut(`${lines.join("\n")}\n`);
    return verdict.exitCode;
  }

  private standing(
    { scenarios }: CampaignReport,
    session: number,
  ): { readonly scenario: string; readonly failures: readonly StandingFailure[] }[] {
    const { ledger, plan } = this;
    const variant = variantOf(plan.run);
    return scenarios.map(({ scenario: { name } }) => ({
      scenario: name,
      failures: ledger
        .signaturesOf(name, variant)
        .map((signature) =>
          standingOf(signature, ledger.countsByCode(name, variant, signature), { code: plan.code, session }),
        ),
    }));
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Runs of each scenario that are made again when a campaign goes on. */
const seedsAgain = 8;
