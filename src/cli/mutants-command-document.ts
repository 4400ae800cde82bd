import type { JsonObject, JsonValue } from "../base/json.ts";
import { compareMethods, type Measurement, type MethodComparison } from "../trials/comparison.ts";
import { medianInterval, type MedianInterval } from "../trials/order-statistics.ts";
import { totalSize, type ReproSize } from "../trials/repro-size.ts";
import { summarise } from "../trials/summary.ts";
import { comparePeers, type PeerGroup, type PeerSummary } from "./mutants-command-peers.ts";
import type { Group } from "./mutants-command-trials.ts";
import type { MutantsSettings } from "./mutants-command-settings.ts";
import { ownVersion } from "./own-package.ts";
import { tellsThreadCpu } from "./thread-cpu.ts";

export interface MutantsReport {
  readonly settings: MutantsSettings;
  readonly groups: readonly Group[];
  readonly peers: readonly PeerGroup[];
  readonly interrupted: boolean;
}

/** The catalogue as a whole, for one strategy. */
export interface StrategySummary {
  readonly strategy: string;
  readonly mutants: number;
  /** Found by at least one trial. */
  readonly foundOnce: number;
  /** Found by every trial. */
  readonly foundAlways: number;
  /** Over the mutants' medians. */
  readonly runs: MedianInterval;
  /** Of the mutant that takes most, its median, and the most that one of its trials took. */
  readonly worst: { readonly mutant: string; readonly runsMedian: number; readonly runsMost: number };
  /** Of one trial of each mutant, on average. */
  readonly cpuSecondsOfCatalogue: number;
}

export function summariseStrategies({ settings, groups }: MutantsReport): StrategySummary[] {
  return settings.strategies.flatMap((strategy) => {
    const own = groups.filter((group) => group.strategy === strategy && group.results.length > 0);
    if (own.length === 0) return [];
    const summaries = own.map(({ mutant, results }) => ({
      mutant: mutant.id,
      ...summarise(results, settings.cpuSeconds),
      cpuSecondsMean: results.reduce((sum, { cpuMs }) => sum + cpuMs / 1_000, 0) / results.length,
      runsMost: Math.max(...results.map(({ isFound, runs }) => (isFound ? runs : Infinity))),
    }));
    const worst = summaries.reduce((most, each) => (each.runs.median > most.runs.median ? each : most));
    return {
      strategy,
      mutants: own.length,
      foundOnce: summaries.filter(({ found }) => found > 0).length,
      foundAlways: summaries.filter(({ found, trials }) => found === trials).length,
      runs: medianInterval(summaries.map(({ runs }) => runs.median)),
      worst: {
        mutant: worst.mutant,
        runsMedian: worst.runs.median,
        runsMost: Math.max(...summaries.map(({ runsMost }) => runsMost)),
      },
      cpuSecondsOfCatalogue: summaries.reduce((sum, { cpuSecondsMean }) => sum + cpuSecondsMean, 0),
    };
  });
}

/** The other strategies against the first one; undefined when there is only one. */
export function compareStrategies({ settings, groups }: MutantsReport): MethodComparison | undefined {
  if (settings.strategies.length < 2) return undefined;
  return compareMethods(measurementsOf(groups), {
    reference: settings.strategies[0]!,
    horizonSeconds: settings.cpuSeconds,
  });
}

/** The first strategy against the peers; undefined when none were asked for. */
export function summarisePeers({ settings, groups, peers }: MutantsReport): PeerSummary | undefined {
  return comparePeers(measurementsOf(groups), peers, settings);
}

function measurementsOf(groups: readonly Group[]): Measurement[] {
  return groups
    .filter(({ results }) => results.length > 0)
    .map(({ mutant, strategy, results }) => ({ mutant: mutant.id, method: strategy, results }));
}

/** What `mutants --json` prints. A bound that lies above the cap is null. */
export function mutantsDocument(report: MutantsReport): JsonObject {
  const { settings, groups, interrupted } = report;
  return plain({
    version: 1,
    stormlane: ownVersion(),
    command: "mutants",
    interrupted,
    trials: settings.trials,
    runsMax: settings.runsMax,
    cpuSecondsMax: settings.cpuSeconds,
    cpuTime: tellsThreadCpu ? "thread" : "wall",
    strategies: summariseStrategies(report),
    mutants: groups.map((group) => rowOf(group, settings)),
    comparison: compareStrategies(report) ?? null,
    peers: settings.peers ? peersOf(report) : null,
  }) as JsonObject;
}

function rowOf({ mutant, strategy, results, repro, known, problems }: Group, settings: MutantsSettings): object {
  return {
    id: mutant.id,
    title: mutant.title,
    scenario: mutant.scenario,
    strategy,
    ...(results.length === 0 ? {} : summarise(results, settings.cpuSeconds)),
    repro: repro === undefined ? null : { ...repro, size: sized(repro.size) },
    known: known === undefined ? null : sized(known),
    each: results.map(({ isFound, runs, cpuMs, found }) => ({
      isFound,
      runs,
      cpuMs,
      seed: found?.seed ?? null,
      foundBy: found?.strategy ?? null,
      signature: found?.signature ?? null,
    })),
    otherSignatures: [...new Set(results.flatMap(({ otherSignatures }) => otherSignatures))],
    problems,
  };
}

function peersOf(report: MutantsReport): object {
  const { peers, settings } = report;
  return {
    groups: peers.map(({ mutant, peer, results, problems }) => ({
      id: mutant.id,
      peer,
      ...(results.length === 0 ? {} : summarise(results, settings.cpuSeconds)),
      each: results,
      problems,
    })),
    summary: summarisePeers(report) ?? null,
  };
}

function sized(size: ReproSize): ReproSize & { readonly total: number } {
  return { ...size, total: totalSize(size) };
}

/** Infinity has no JSON. */
function plain(value: object): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}
