import type { ScenarioResult } from "../explore-scenario.ts";
import type { Failure } from "../failure.ts";
import { progressOf } from "../recorded-timeline.ts";
import type { Ledger } from "./ledger.ts";

/** All that a ledger has of a target, as if it had been run at once. @param end of the campaign that was run last */
export function recordedResult(
  ledger: Ledger,
  target: number,
  scenario: string,
  end: ScenarioResult["end"],
): ScenarioResult {
  const recorded = ledger.failuresOf(target);
  const failures: Failure[] = recorded.map(({ failure }) => failure);
  const failedRuns: Record<string, number> = {};
  for (const { failure, runs } of recorded) failedRuns[failure.signature] = runs;
  const mismatches = ledger.mismatchesOf(target);
  const [first] = mismatches;
  if (first !== undefined) {
    failures.push({
      kind: "nondeterminism",
      signature: otherHistory,
      seed: first.seed,
      strategy: "",
      invariant: "nondeterminism",
      message:
        `The history of seed ${first.seed} was ${first.recordedHash.slice(0, 16)} when it was recorded and is ` +
        `${first.otherHash.slice(0, 16)}: something decides that is neither in the case nor in the hash of the code.`,
      steps: 0,
    });
    failedRuns[otherHistory] = new Set(mismatches.map(({ seed }) => seed)).size;
  }
  return {
    scenario,
    tally: ledger.tallyOf(target),
    progress: progressOf(ledger.timelinesOf(target)),
    failures,
    failedRuns,
    end,
    wallMs: ledger.wallMsOf(target),
  };
}

/** The signature of seeds that have two results. */
const otherHistory = "nondeterminism: a recorded seed has another history";
