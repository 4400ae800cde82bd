import { dirname, resolve } from "node:path";
import type { JsonObject } from "../base/json.ts";
import type { Ledger } from "../campaign/ledger/ledger.ts";
import { shardOf } from "../campaign/seed-range.ts";
import { blobText, type ShardBlob } from "../campaign/shard-blob.ts";
import { prepareFolder, writeFileAtomically } from "./atomic-file.ts";
import type { CampaignPlan } from "./campaign-settings.ts";
import type { Host } from "./host.ts";
import { ownVersion } from "./own-package.ts";
import type { CampaignReport } from "./run-report.ts";
import { UsageError } from "./usage-error.ts";

/** A blob holds all that the ledger has of its targets: before anything runs, that must be seeds of this shard alone. */
export function prepareBlob(plan: CampaignPlan, ledger: Ledger, targets: readonly number[], host: Host): void {
  const { blobFile, run, ledgerFile } = plan;
  if (blobFile === undefined) return;
  prepareFolder("--blob", dirname(resolve(host.cwd, blobFile)));
  for (const [index, { scenario, seeds }] of run.scenarios.entries()) {
    const { first, count } = seeds;
    const stray = ledger
      .recordedSeeds(targets[index]!)
      .find(
        (seed) =>
          seed < first || seed >= first + count || shardOf(scenario.name, seed, run.shard.count) !== run.shard.index,
      );
    if (stray === undefined) continue;
    throw new UsageError({
      what: `--blob ${blobFile}`,
      why: `the ledger ${ledgerFile} has seed ${stray} of ${scenario.name}, which is not of this shard`,
      fix: "give each shard a ledger of its own, with --ledger",
    });
  }
}

/** @param targets of the scenarios of the plan */
export function writeBlob(
  plan: CampaignPlan,
  report: CampaignReport,
  ledger: Ledger,
  targets: readonly number[],
  host: Host,
): void {
  const { run, code, blobFile } = plan;
  const blob: ShardBlob = {
    stormlane: ownVersion(),
    campaign: {
      code,
      strategy: run.strategy,
      mutant: run.mutant ?? null,
      epic: run.epic ?? null,
      ...(run.budgets === undefined ? {} : { budgets: run.budgets as JsonObject }),
      seeds: Object.fromEntries(
        run.scenarios.map(({ scenario, seeds }) => [scenario.name, run.durationMs === undefined ? seeds.count : null]),
      ),
      firstSeed: run.scenarios[0]?.seeds.first ?? 0,
      doubleRunsPpm: run.doubleRunsPpm,
      failuresMax: run.failuresMax,
    },
    shard: run.shard,
    scenarios: report.scenarios.map(({ scenario, result, failures }, index) => ({
      name: scenario.name,
      tally: result.tally,
      end: result.end,
      wallMs: result.wallMs,
      timelines: timelinesOf(ledger, targets[index]!),
      failures: failures.map(({ failure, runs, case: input, shrunk }) => ({
        failure,
        runs,
        case: input ?? null,
        shrunk:
          shrunk === undefined
            ? null
            : { executions: shrunk.executions, minimal: shrunk.minimal, actors: shrunk.actors },
      })),
    })),
    wallMs: report.wallMs,
    cpuMs: report.cpuMs,
    interrupted: report.interrupted,
  };
  writeFileAtomically(resolve(host.cwd, blobFile!), blobText(blob));
}

function timelinesOf(ledger: Ledger, target: number): ShardBlob["scenarios"][number]["timelines"] {
  const recorded = [...ledger.timelinesOf(target)];
  return {
    seeds: recorded.map(({ seed }) => seed),
    timelines: recorded.map(({ timeline }) => timeline),
    strategies: recorded.map(({ strategy }) => strategy),
  };
}
