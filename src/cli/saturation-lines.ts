import type { CampaignProgress, Progress } from "../campaign/saturation.ts";
import { wholeNumber } from "../report/table.ts";

/** A scenario, and how far the search in it has come. */
export interface NamedProgress {
  readonly scenario: string;
  readonly progress: CampaignProgress;
}

/**
 * Whether more seeds help, and where no longer: a line for each scenario that is saturated and one for all others; for a
 * single scenario, and where a strategy is in another state than the whole, in full.
 */
export function saturationLines(all: readonly NamedProgress[]): string[] {
  const some = all.filter(({ progress }) => progress.runs >= runsToSpeakOfMin);
  const growing = some.filter(({ progress }) => progress.state === "growing");
  const inFull = some.length === 1 ? some : some.filter(({ progress }) => progress.state === "saturated");
  const lines = inFull.flatMap(({ scenario, progress }) => [
    `  ${scenario}: ${saturationOf(progress)}`,
    ...strategyLines(progress),
  ]);
  if (some.length > 1 && growing.length > 0) {
    const expected = growing.map(({ progress }) => progress.nextNewRuns.estimate ?? Infinity);
    lines.push(
      `  more seeds help in ${growing.length} of ${some.length} scenarios: the next new timeline is expected in ${runsText(Math.min(...expected))} to ${runsText(Math.max(...expected))} runs`,
    );
  }
  return lines;
}

/** As `saturated: of the last 1,000 runs 2 had a new timeline; the next new one is expected in 640 runs`. */
export function saturationOf({ state, latest, nextNewRuns }: Progress): string {
  const runs = latest.of < latestRunsShown ? "" : "last ";
  const shown = `of the ${runs}${wholeNumber(latest.of)} runs ${wholeNumber(latest.distinct)} had a new timeline`;
  const { estimate, low } = nextNewRuns;
  const next =
    estimate === null
      ? `a new one is not expected within ${runsText(low)} runs`
      : `the next new one is expected in ${runsText(estimate)} ${runsText(estimate) === "1" ? "run" : "runs"}`;
  return `${stateWords[state]}: ${shown}; ${next}`;
}

function strategyLines({ state, strategies }: CampaignProgress): string[] {
  return strategies
    .filter((each) => each.state !== state && each.state !== "open")
    .map((each) => `    ${each.strategy}, of its own runs: ${saturationOf(each)}`);
}

const stateWords: Readonly<Record<Progress["state"], string>> = {
  growing: "more seeds help",
  open: "too few runs to say whether more help",
  saturated: "saturated",
};

function runsText(runs: number): string {
  return runs < 9.95 ? runs.toFixed(1).replace(".0", "") : wholeNumber(runs);
}

const latestRunsShown = 1_000;
/** Fewer runs are no search. */
const runsToSpeakOfMin = 30;
