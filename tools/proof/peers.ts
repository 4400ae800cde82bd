import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { jsonOf, root } from "./command.ts";
import type { Cell, Findings } from "./evidence.ts";
import type { Part } from "./run-parts.ts";

const cpuSecondsBudget = 120;
const timesBudget = 50;

/** What `stormlane mutants --peers --json` prints, as far as it is asked for here. */
export interface PeersResult {
  readonly trials: number;
  readonly cpuSecondsMax: number;
  readonly strategies: readonly {
    readonly mutants: number;
    readonly foundOnce: number;
    readonly foundAlways: number;
    readonly runs: Median;
    readonly worst: { readonly mutant: string; readonly runsMedian: number | null };
    readonly cpuSecondsOfCatalogue: number;
  }[];
  readonly mutants: readonly (Searched & {
    readonly title: string;
    readonly repro: Sized | null;
    readonly known: { readonly total: number } | null;
  })[];
  readonly peers: {
    readonly groups: readonly (Searched & { readonly peer: string })[];
    readonly summary: {
      readonly verdicts: readonly {
        readonly mutant: string;
        readonly bestPeer: string;
        readonly ratio: Ratio;
        readonly verdict: string;
        readonly comparison: { readonly cpuP: number };
      }[];
      readonly mean: Ratio | null;
    };
  };
}

interface Searched {
  readonly id: string;
  readonly trials: number;
  readonly found: number;
  readonly runs: Median;
  readonly cpuSeconds: Median;
  readonly meanCpuSeconds: number;
  readonly problems: readonly string[];
}

interface Median {
  readonly median: number | null;
}

interface Sized {
  readonly size: { readonly total: number };
}

interface Ratio {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * All mutants under the default portfolio, and some of them beside three other ways to test, for the same CPU time. Takes
 * hours; trials that were recorded for the same code are not run again.
 */
export function peers(outFolder: string): Part {
  const args = ["mutants", "--peers", "--record", join(outFolder, "peers.jsonl"), "--json"];
  return {
    name: "peers",
    title: "CPU time to find the mutants, beside three other ways to test",
    command: `npm run stormlane -- ${args.join(" ")}`,
    async find() {
      mkdirSync(join(root, outFolder), { recursive: true });
      return findingsOf((await jsonOf("src/cli/bin.ts", args)) as unknown as PeersResult);
    },
  };
}

/** A budget that is missed is a fact; a mutant that no trial found, or a trial without an end, is a problem. */
export function findingsOf({ trials, cpuSecondsMax, strategies, mutants, peers: found }: PeersResult): Findings {
  const [portfolio] = strategies;
  const { verdicts, mean } = found.summary;
  const times = mean?.ratio ?? 0;
  const count = (verdict: string): number => verdicts.filter((each) => each.verdict === verdict).length;
  const cpuSecondsOfAll = portfolio?.cpuSecondsOfCatalogue ?? Number.POSITIVE_INFINITY;
  const unfinished = [...mutants, ...found.groups].flatMap(({ id, problems }) =>
    problems.map((problem) => `${id}: ${problem}`),
  );
  return {
    facts: {
      trials,
      cpuSecondsOfATrialMax: cpuSecondsMax,
      mutants: mutants.length,
      foundOnce: portfolio?.foundOnce ?? 0,
      foundInAllTrials: portfolio?.foundAlways ?? 0,
      runsMedian: orMore(portfolio?.runs.median),
      worstMutant: portfolio?.worst.mutant ?? "",
      cpuSecondsOfAll: rounded(cpuSecondsOfAll),
      cpuSecondsBudget,
      meetsCpuSecondsBudget: cpuSecondsOfAll < cpuSecondsBudget,
      mutantsWithPeers: verdicts.length,
      timesOfBestPeer: rounded(times),
      timesOfBestPeerLow: rounded(mean?.low ?? 0),
      timesOfBestPeerHigh: rounded(mean?.high ?? 0),
      timesBudget,
      meetsTimesBudget: times >= timesBudget,
      won: count("won"),
      tied: count("tie"),
      lost: count("lost"),
      open: count("open"),
    },
    tables: [
      {
        title: "Beside peers: trials that found it, and mean CPU seconds up to the cap",
        columns: [
          "mutant",
          "portfolio",
          ...peerNames(found.groups),
          "best peer",
          "times",
          "from",
          "to",
          "p",
          "verdict",
        ],
        rows: verdicts.map(({ mutant, bestPeer, ratio, verdict, comparison }) => [
          mutant,
          ...mutants.filter(({ id }) => id === mutant).map(searched),
          ...found.groups.filter(({ id }) => id === mutant).map(searched),
          bestPeer,
          ...[ratio.ratio, ratio.low, ratio.high, comparison.cpuP].map(rounded),
          verdict,
        ]),
      },
      {
        title: "All mutants under the portfolio",
        columns: ["mutant", "bug", "found", "runs, median", "CPU s, median", "CPU s, mean", "repro", "smallest known"],
        rows: mutants.map((each) => [
          ...[each.id, each.title, `${each.found} of ${each.trials}`],
          ...[orMore(each.runs.median), orMore(each.cpuSeconds.median), rounded(each.meanCpuSeconds)],
          ...[each.repro?.size.total ?? "none", each.known?.total ?? "none"],
        ]),
      },
    ],
    problems: [
      ...mutants.filter((each) => each.found === 0).map(({ id }) => `${id} was found by no trial`),
      ...unfinished,
    ],
  };
}

function peerNames(groups: PeersResult["peers"]["groups"]): string[] {
  return [...new Set(groups.map(({ peer }) => peer))];
}

function searched({ found, trials, meanCpuSeconds }: Searched): string {
  return `${found} of ${trials}, ${rounded(meanCpuSeconds)}`;
}

/** Three digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** The median of trials of which too many ended at the cap lies above it. */
function orMore(median: number | null | undefined): Cell {
  return typeof median === "number" ? rounded(median) : "> cap";
}
