import { canonicalJson } from "../../base/json.ts";
import { withoutDelays } from "../../explain/without-delays.ts";
import { causeOf, causeShares, type Cause, type CauseShare } from "../../incidents/cause.ts";
import { IncidentSearch, type Find, type Incident } from "../../incidents/search.ts";
import { inMacrotask } from "../../kernel/settle.ts";
import { attemptOf } from "../../shrink/attempt.ts";
import { shrinkCase, type Shrunk } from "../../shrink/shrink-case.ts";
import type { Case } from "../../sim/case.ts";
import { signatureOf } from "../../sim/outcome.ts";
import { cpuBudget } from "../cpu-budget.ts";
import type { WatchedRuns } from "./watched-runs.ts";

export interface SearchBudget {
  readonly runsMax: number;
  readonly findsMax: number;
  readonly firstSeed: number;
  readonly isOver: () => boolean;
  readonly interrupted: AbortSignal;
  /** Told now and then. */
  readonly onRuns: (runs: number, finds: number) => void;
}

export interface SearchEnd {
  readonly runs: number;
  readonly finds: number;
  /** Runs until the first find; 0 when there is none. */
  readonly runsToFirst: number;
  /** In how many runs each fault of the logs came about. */
  readonly placed: readonly number[];
  /** The likeliest first. */
  readonly causes: readonly CauseShare[];
}

/** Searches over what the logs do not show, until there are enough finds, then for what each of them needs. */
export async function searchIncident(incident: Incident, runs: WatchedRuns, budget: SearchBudget): Promise<SearchEnd> {
  const search = new IncidentSearch(incident, runs.runNow);
  const finds: Find[] = [];
  let runsToFirst = 0;
  const isOver = (): boolean => budget.interrupted.aborted || budget.isOver();
  while (search.runs < budget.runsMax && finds.length < budget.findsMax && !isOver()) {
    const seed = budget.firstSeed + search.runs;
    runs.enter(seed);
    const find = await inMacrotask(() => search.attempt(seed));
    if (find !== undefined) finds.push(find);
    if (find !== undefined && runsToFirst === 0) runsToFirst = search.runs;
    if (search.runs % runsPerWord === 0) budget.onRuns(search.runs, finds.length);
  }
  const causes: Cause[] = [];
  for (const find of finds) {
    // One is told whatever it costs.
    if (causes.length > 0 && isOver()) break;
    runs.enter(find.seed);
    causes.push(await causeOf(find, (input) => inMacrotask(() => search.shows(input))));
  }
  return { runs: search.runs, finds: finds.length, runsToFirst, placed: search.placed, causes: causeShares(causes) };
}

const runsPerWord = 100;

/** The smallest case of a cause in which all is left that the logs show: its workload, and the faults of theirs that struck. */
export interface SmallCase {
  readonly case: Case;
  readonly shrunk: Shrunk;
  /** Of the whole scenario: what its invariants say first. */
  readonly signature: string;
  readonly message: string;
  readonly invariant: string;
}

/**
 * Makes a cause's case smaller.
 *
 * @returns undefined when the whole scenario does not fail in it: then nothing that could be replayed is known
 */
export async function shrinkCause(
  { scenario }: Incident,
  cause: Cause,
  options: {
    readonly interrupted: AbortSignal;
    readonly runs: WatchedRuns;
    readonly onImproved: (smaller: Case) => void;
  },
): Promise<SmallCase | undefined> {
  const { runs } = options;
  runs.enter(cause.find.seed);
  const first = await runs.run(scenario, cause.case);
  if (first.verdict.kind !== "violated") return undefined;
  const signature = signatureOf(first.verdict);
  const { message, invariant } = first.verdict.violation;
  const kept = cause.find.struck.map(({ fault }) => fault.site);
  const needed = kept.filter((site) => cause.case.faults.some((fault) => fault.site === site));
  const workload = canonicalJson(cause.case.workload);
  const shrunk = await shrinkCase(cause.case, {
    signature,
    executionsMax,
    isSpent: cpuBudget(cpuMsMax),
    signal: options.interrupted,
    accepts: (candidate) => canonicalJson(candidate) === workload,
    attempt: async (candidate) => {
      if (!needed.every((site) => candidate.faults.some((fault) => fault.site === site))) return undefined;
      const outcome = await runs.run(scenario, candidate);
      return attemptOf(candidate, outcome, signatureOf(outcome.verdict));
    },
    undelay: (input) => inMacrotask(() => withoutDelays(input, scenario, runs.runNow)),
    onImproved: options.onImproved,
  });
  return { case: shrunk.replays ? shrunk.case : cause.case, shrunk, signature, message, invariant };
}

const executionsMax = 600;
const cpuMsMax = 30_000;
