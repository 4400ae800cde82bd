import { unreachable } from "../base/assert.ts";
import { wholeNumber } from "../report/table.ts";
import type { ProofReport } from "./exhaustive-command.ts";
import type { ExhaustiveSettings } from "./exhaustive-settings.ts";

/** What was proven of each scenario, or why nothing was, with its bounds. */
export function exhaustiveLines(reports: readonly ProofReport[], settings: ExhaustiveSettings): string[] {
  return reports.flatMap((report) => [
    `${report.scenario.name}: ${verdictText(report)}`,
    `  bounds    ${boundsText(report, settings)}`,
    `  explored  ${exploredText(report)}`,
    `  outcomes  ${wholeNumber(report.proof.outcomes.size)} distinct ends`,
    `  cost      ${(report.cpuMs / 1000).toFixed(1)} CPU-seconds`,
  ]);
}

function verdictText({ proof, counterexample }: ProofReport): string {
  switch (proof.verdict) {
    case "proven":
      return "proven: every schedule within the bounds holds";
    case "violated": {
      const { signature, replays, replayCommand } = counterexample!;
      const doubt = replays ? "" : " (the case alone does not show it: our own mistake, please report it)";
      return `violated: ${signature}${doubt}; replay: ${replayCommand}`;
    }
    case "unfinished":
      return `unfinished, so nothing is proven: ${reasonText(proof.reason!)}`;
    default:
      return unreachable(proof.verdict);
  }
}

export function reasonText(reason: NonNullable<ProofReport["proof"]["reason"]>): string {
  switch (reason) {
    case "budget":
      return "the budget of schedules is spent; raise --runs-max, or bound the search with --reversals";
    case "interrupted":
      return "it was interrupted";
    case "limit":
      return "schedules came to a bound of the run before their end";
    default:
      return unreachable(reason);
  }
}

export function boundsText(
  { scenario, killsMax }: Pick<ProofReport, "scenario" | "killsMax">,
  { enumeration, runsMax }: Pick<ExhaustiveSettings, "enumeration" | "runsMax">,
): string {
  const reversals =
    enumeration.kind === "reversals"
      ? `at most ${enumeration.max} race${enumeration.max === 1 ? "" : "s"} reversed against the first-due schedule`
      : "any number of races reversed";
  const faults = killsMax === 0 ? "no fault" : "at most one process killed, at any operation";
  const { virtualMsMax, stepsMax } = scenario.bounds;
  const time = `${wholeNumber(virtualMsMax / 1000)} s of virtual time, ${wholeNumber(stepsMax)} steps`;
  return `${reversals}; ${faults}; ${time}; ${wholeNumber(runsMax)} schedules`;
}

function exploredText({ proof }: ProofReport): string {
  const { schedules, redundant, states, verified, stepsMax } = proof.counts;
  const of = proof.cases === undefined ? "" : ` of ${wholeNumber(proof.cases)}`;
  const more = redundant === 0 ? "" : ` and ${wholeNumber(redundant)} abandoned as redundant`;
  return (
    `${wholeNumber(schedules)} schedules${more}, ${wholeNumber(states)} states, the longest with ${stepsMax} steps; ` +
    `${wholeNumber(proof.casesDone)}${of} cases done; ${wholeNumber(verified)} run again in an equivalent order, with the same end`
  );
}
