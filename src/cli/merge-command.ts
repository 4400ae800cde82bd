import { resolve } from "node:path";
import { mergeShards, obstacleTo, type MergedCampaign, type NamedShard } from "../campaign/merge-shards.ts";
import { wholeCampaign } from "../campaign/seed-range.ts";
import { readBlob, type BlobCampaign } from "../campaign/shard-blob.ts";
import type { Budgets } from "../limits/budgets/budgets.ts";
import { noPaint } from "../report/paint.ts";
import { prepareFolder } from "./atomic-file.ts";
import { loadCatalogue } from "./catalogue.ts";
import { codeHash } from "./code-hash.ts";
import { exitCodes } from "./exit-codes.ts";
import { FailureDesk, type FailureReport } from "./failure-desk.ts";
import { buildScenario, findScenario } from "./find-scenario.ts";
import type { Host } from "./host.ts";
import { widthOfOut } from "./live/terminal.ts";
import { readJsonFile } from "./input-file.ts";
import { readStrategy } from "./option-values.ts";
import { readReporters, writeReports } from "./reporters/reporters.ts";
import { testReport } from "./reporters/test-report.ts";
import { runDocument } from "./run-document.ts";
import { judgeCampaign, type CampaignReport, type CampaignVerdict, type ScenarioReport } from "./run-report.ts";
import { outFolderOf, type RunSettings } from "./run-settings.ts";
import { summaryLines } from "./run-summary.ts";
import { terminalPaint } from "./terminal-paint.ts";
import { threadsEngine, toldWorkers } from "./threads-engine.ts";
import { UsageError } from "./usage-error.ts";

export interface MergeFlags {
  readonly out?: string;
  readonly reporter?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
}

/** `stormlane merge BLOB...`: one report of the shards of a campaign. @returns the exit code that one machine would have ended with */
export async function merge(files: readonly string[], flags: MergeFlags, host: Host): Promise<number> {
  const shards = files.map((file) => readShardFile(file, host));
  const obstacle = obstacleTo(shards);
  if (obstacle !== undefined) throw new UsageError(obstacle);
  const { campaign } = shards[0]!.blob;
  await refuseOtherCode(shards[0]!, host);
  const startedAtMs = Date.now();
  const merged = mergeShards(shards);
  const settings = await settingsOf(campaign, merged, flags, host);
  prepareFolder("--out", settings.outPath);
  const report: CampaignReport = {
    scenarios: await tellScenarios(merged, settings, host),
    wallMs: merged.wallMs,
    cpuMs: merged.cpuMs,
    interrupted: merged.interrupted,
  };
  const verdict = withMissing(judgeCampaign(report, settings), merged, shards[0]!.blob.shard.count);
  writeReports(settings.reporters, testReport(report, verdict, startedAtMs), {
    host,
    stepSummary: process.env["GITHUB_STEP_SUMMARY"],
  });
  if (settings.json) {
    const document = {
      ...runDocument(report, verdict, settings),
      command: "merge",
      shards: { count: shards[0]!.blob.shard.count, missing: merged.missing },
    };
    host.writeOut(`${JSON.stringify(document)}\n`);
    return verdict.exitCode;
  }
  const paint = host.outIsTerminal ? terminalPaint : noPaint;
  for (const { failures } of report.scenarios) {
    for (const { story } of failures) host.writeOut(`${story.join("\n")}\n\n`);
  }
  host.writeOut(`${summaryLines(report, verdict, settings, paint, widthOfOut(host.terminal)).join("\n")}\n`);
  return verdict.exitCode;
}

function readShardFile(file: string, host: Host): NamedShard {
  const reading = readBlob(readJsonFile({ what: file, path: resolve(host.cwd, file), sizeBytesMax: blobBytesMax }));
  if (reading.kind === "unreadable") throw new UsageError({ what: file, why: reading.why, fix: reading.fix });
  return { name: file, blob: reading.blob };
}

/** Goals, rules and stories are those of the code here: of other code they would be wrong. */
async function refuseOtherCode({ name, blob }: NamedShard, host: Host): Promise<void> {
  const code = await codeHash(host.catalogueUrl);
  if (blob.campaign.code === code) return;
  throw new UsageError({
    what: name,
    why: `was run by code ${blob.campaign.code.slice(0, 12)}, and the code here is ${code.slice(0, 12)}`,
    fix: "merge in a checkout of the commit that ran the shards",
  });
}

async function settingsOf(
  campaign: BlobCampaign,
  merged: MergedCampaign,
  flags: MergeFlags,
  host: Host,
): Promise<RunSettings> {
  const catalogue = await loadCatalogue(host.catalogueUrl);
  const mutant = campaign.mutant ?? undefined;
  const epic = campaign.epic ?? undefined;
  const budgets = campaign.budgets as Budgets | undefined;
  const counts = Object.values(campaign.seeds);
  const reporters = flags.reporter ?? (catalogue.defaults?.reporters?.join(",") || undefined);
  const outFolder = flags.out ?? outFolderOf(catalogue, host.cwd);
  return {
    catalogue,
    scenarios: merged.scenarios.map(({ result }) => ({
      scenario: buildScenario(catalogue, findScenario(catalogue, result.scenario), { mutant, epic, budgets }),
      seeds: { first: campaign.firstSeed, count: campaign.seeds[result.scenario] ?? 0 },
    })),
    seedsRequested: counts.includes(null) ? undefined : counts.reduce<number>((sum, count) => sum + (count ?? 0), 0),
    durationMs: undefined,
    strategy: readStrategy(campaign.strategy),
    workers: 0,
    shard: wholeCampaign,
    failuresMax: campaign.failuresMax,
    doubleRunsPpm: campaign.doubleRunsPpm,
    mutant,
    epic,
    budgets,
    outFolder,
    outPath: resolve(host.cwd, outFolder),
    json: flags.json === true,
    explains: flags.explain !== false,
    reporters: reporters === undefined ? [] : readReporters(reporters, outFolder, host.cwd),
    judgesGoals: merged.missing.length === 0 && mutant === undefined && epic === undefined,
  };
}

/** The cases were made small where they were found. Why they fail is looked into here, once. */
async function tellScenarios(merged: MergedCampaign, settings: RunSettings, host: Host): Promise<ScenarioReport[]> {
  const hasFailures = merged.scenarios.some(({ result }) => result.failures.length > 0);
  const workers = hasFailures && settings.explains ? 1 : 0;
  const executor = await threadsEngine({ workers, settings: toldWorkers(settings, host) });
  const desk = new FailureDesk({ settings, host, executor, interrupted: new AbortController().signal });
  const reports: ScenarioReport[] = [];
  for (const [index, { result, kept }] of merged.scenarios.entries()) {
    const { scenario } = settings.scenarios[index]!;
    const failures: FailureReport[] = [];
    for (const failure of result.failures) {
      const { case: input, shrunk } = kept.get(failure.signature)!;
      const runs = result.failedRuns[failure.signature]!;
      failures.push(
        input === null
          ? desk.reportSeed(scenario.name, failure, runs)
          : await desk.reportKept(scenario, failure, runs, { case: input, shrunk: shrunk ?? undefined }),
      );
    }
    reports.push({ scenario, result, failures });
  }
  await executor.close();
  return reports;
}

/** What is not there was not judged: a job that did not do its part is a failure of the infrastructure. */
function withMissing(verdict: CampaignVerdict, { missing }: MergedCampaign, count: number): CampaignVerdict {
  if (missing.length === 0) return verdict;
  const problem = {
    kind: "infrastructure" as const,
    scenario: "campaign",
    text: `shard ${missing.join(", ")} of ${count} is missing: this is the report of the others; run it, and merge again`,
  };
  const exitCode = verdict.exitCode === exitCodes.interrupted ? verdict.exitCode : exitCodes.broken;
  return { exitCode, problems: [...verdict.problems, problem] };
}

const blobBytesMax = 256 * 1024 * 1024;
