import { existsSync } from "node:fs";
import type { JsonObject } from "../base/json.ts";
import { WorkerPool } from "../campaign/worker-pool.ts";
import { bestOf, compareMethods, type Comparison, type Measurement } from "../trials/comparison.ts";
import { geometricMeanRatio, type Pair, type RatioInterval } from "../trials/geometric-mean.ts";
import type { PeerKit, PeerName, PeerResult, PeerTrial } from "../trials/peer-trial.ts";
import { cpuDurations } from "../trials/summary.ts";
import type { MutantEntry } from "./catalogue.ts";
import type { Host } from "./host.ts";
import type { TrialRecord } from "./mutants-command-record.ts";
import type { MutantsSettings } from "./mutants-command-settings.ts";
import type { MutantWorkerSettings } from "./mutants-command-worker.ts";
import { UsageError } from "./usage-error.ts";

/** All trials of one peer on one mutant. */
export interface PeerGroup {
  readonly mutant: MutantEntry;
  readonly peer: string;
  readonly results: readonly PeerResult[];
  readonly problems: readonly string[];
}

/** Beside `src/` in the clone. The package does not bring it along. */
const kitUrl = new URL("../../tools/peers/kit.ts", import.meta.url);

export async function loadPeerKit(): Promise<PeerKit> {
  if (existsSync(kitUrl)) return (await import(kitUrl.href)) as PeerKit;
  throw new UsageError({ what: "--peers", why: "this package comes without the peers", fix: "run it in a clone" });
}

export interface PeerOptions {
  readonly kit: PeerKit;
  readonly settings: MutantsSettings;
  readonly host: Host;
  readonly record: TrialRecord | undefined;
  readonly interrupted: AbortSignal;
}

/** Runs the peers' trials, one to a thread at a time, in order of mutants, peers and numbers. */
export async function runPeers({ kit, settings, host, record, interrupted }: PeerOptions): Promise<PeerGroup[]> {
  const executor = new WorkerPool<PeerTrial, PeerResult>({
    workerUrl: kit.workerUrl,
    workers: settings.workers,
    settings: { catalogueUrl: host.catalogueUrl.href } satisfies JsonObject & MutantWorkerSettings,
    // A peer's run may take seconds of real time, and some of them are only waited for.
    stallMsMax: wallFactor * settings.cpuSeconds * 1_000 + stallMs,
    heapMiBMax,
  });
  interrupted.addEventListener("abort", () => void executor.close());
  const chosen = settings.mutants.filter(({ id }) => settings.isSelection || kit.representative.includes(id));
  const groups = chosen.flatMap((mutant) => kit.peers.map((peer) => new PeerGroupInProgress(mutant, peer, settings)));
  const trials = groups.flatMap((group) => group.trials().map((trial) => ({ group, trial })));
  const lane = async (): Promise<void> => {
    for (let next = trials.shift(); next !== undefined && !interrupted.aborted; next = trials.shift()) {
      const { group, trial } = next;
      let result = record?.resultOf(trial);
      if (result === undefined) {
        const end = await executor.run(trial);
        if (end.kind === "died") group.problems.push(`trial ${trial.number} broke: ${end.why}`);
        if (end.kind === "stalled") group.problems.push(`trial ${trial.number} never came back`);
        if (end.kind !== "answered") continue;
        result = end.answer;
        record?.add(trial, result);
      }
      group.results.push(result);
      const { isFound, runs, cpuMs } = result;
      const found = isFound ? "found" : "not found";
      host.writeError(
        `${trial.mutant} ${trial.peer}: ${found}, ${runs} runs, ${(cpuMs / 1_000).toFixed(1)} s of CPU\n`,
      );
    }
  };
  try {
    await Promise.all(Array.from({ length: settings.workers }, lane));
  } finally {
    await executor.close();
  }
  return groups.filter(({ results, problems }) => results.length + problems.length > 0);
}

class PeerGroupInProgress implements PeerGroup {
  readonly mutant: MutantEntry;
  readonly peer: string;
  readonly results: PeerResult[] = [];
  readonly problems: string[] = [];

  private readonly isRealTime: boolean;
  private readonly settings: MutantsSettings;

  constructor(mutant: MutantEntry, { name, isRealTime }: PeerName, settings: MutantsSettings) {
    this.mutant = mutant;
    this.peer = name;
    this.isRealTime = isRealTime;
    this.settings = settings;
  }

  trials(): PeerTrial[] {
    const { mutant, peer, isRealTime } = this;
    const { trials, cpuSeconds } = this.settings;
    const { id, scenario, expects } = mutant;
    const cpuMsMax = cpuSeconds * 1_000;
    const wallMsMax = cpuMsMax * (isRealTime ? realTimeFactor : wallFactor);
    const common = { peer, mutant: id, scenario, expects, cpuMsMax, wallMsMax };
    return Array.from({ length: trials }, (_, index) => ({ ...common, number: index + 1 }));
  }
}

/** One mutant: how many times our CPU time the best peer takes. */
export interface PeerVerdict {
  readonly mutant: string;
  readonly bestPeer: string;
  readonly ratio: RatioInterval;
  /** `tie`: the interval of the ratio holds 1. `open`: too few trials for an interval that says anything. */
  readonly verdict: "won" | "tie" | "lost" | "open";
  readonly comparison: Comparison;
}

export interface PeerSummary {
  readonly reference: string;
  readonly verdicts: readonly PeerVerdict[];
  /** Over all these mutants, against the best peer of each. */
  readonly mean: RatioInterval;
}

/** Holds the first strategy against the best peer on each mutant. What was not found within the cap counts as the cap. */
export function comparePeers(
  own: readonly Measurement[],
  peers: readonly PeerGroup[],
  { strategies, cpuSeconds }: Pick<MutantsSettings, "strategies" | "cpuSeconds">,
): PeerSummary | undefined {
  const reference = strategies[0]!;
  const measured = peers
    .filter(({ results }) => results.length > 0)
    .map(({ mutant, peer, results }) => ({ mutant: mutant.id, method: peer, results }));
  const best = bestOf(measured, cpuSeconds).filter(({ mutant }) =>
    own.some((each) => each.mutant === mutant && each.method === reference),
  );
  if (best.length === 0) return undefined;
  const pairs = best.map((peer) => {
    const ours = own.find(({ mutant, method }) => mutant === peer.mutant && method === reference)!;
    return { baseline: cpuDurations(peer.results), candidate: cpuDurations(ours.results) };
  });
  const { comparisons } = compareMethods([...own, ...best], { reference, horizonSeconds: cpuSeconds });
  const options = { horizon: cpuSeconds, seed: 1 };
  return {
    reference,
    verdicts: best.map(({ mutant, method }, index) => {
      const ratio = geometricMeanRatio([pairs[index]!], options);
      return {
        mutant,
        bestPeer: method,
        ratio,
        verdict: isTold(pairs[index]!) ? verdictOf(ratio) : "open",
        comparison: comparisons.find((each) => each.mutant === mutant && each.method === method)!,
      };
    }),
    mean: geometricMeanRatio(pairs, options),
  };
}

function isTold({ baseline, candidate }: Pair): boolean {
  return Math.min(baseline.length, candidate.length) >= trialsMin;
}

function verdictOf({ low, high }: RatioInterval): "won" | "tie" | "lost" {
  if (low > 1) return "won";
  return high < 1 ? "lost" : "tie";
}

const trialsMin = 5;
/** Real time up to which a trial goes on, as a multiple of its CPU time. */
const realTimeFactor = 2;
/** On a machine that has other things to do. */
const wallFactor = 100;
const stallMs = 20_000;
/** Half a minute of requests through msw leaves more than a gigabyte behind. */
const heapMiBMax = 6_144;
