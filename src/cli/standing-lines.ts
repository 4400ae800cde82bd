import type { JsonObject } from "../base/json.ts";
import type { StandingFailure } from "../campaign/ledger/failure-state.ts";
import { wholeNumber } from "../report/table.ts";

/** Where each failure of a scenario stands, a line for each. */
export function standingLines(scenario: string, failures: readonly StandingFailure[]): string[] {
  return failures.map((each) => `${each.state.padEnd(9)} ${scenario}: ${each.signature}: ${seenText(each)}`);
}

/** As `2 of 150 runs`, or what so many clean runs say. */
export function seenText({ state, runs, hits, cleared }: StandingFailure): string {
  if (cleared === undefined) return `${wholeNumber(hits)} of ${wholeNumber(runs)} runs`;
  if (cleared.cleanRuns === 0) {
    return `not run by this code; counts as resolved after ${wholeNumber(cleared.cleanRunsNeeded)} clean runs`;
  }
  const chance = `${wholeNumber(cleared.cleanRuns)} clean runs, by chance with ${percent(cleared.cleanByChance)} if nothing was fixed`;
  if (state === "resolved")
    return `${chance}; with 95 % confidence at most ${percent(cleared.rateMax)} of runs fail so`;
  return `${chance}; counts as resolved after ${wholeNumber(cleared.cleanRunsNeeded)}`;
}

/** Two significant digits: `1.3 %`, `0.00042 %`. */
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

export function standingDocument(scenario: string, failures: readonly StandingFailure[]): JsonObject {
  return {
    scenario,
    failures: failures.map(({ cleared, ...each }) => ({
      ...each,
      cleared: cleared === undefined ? null : { ...cleared },
    })),
  };
}
