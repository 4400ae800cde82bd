import type { CampaignDocument, TargetPart } from "./campaign-document.ts";
import { counted, percent, shortCode, targetName } from "./words.ts";

/** What stands against the campaign, in a sentence. `failed`: something is wrong; `doubt`: it says less than it seems to. */
export interface Problem {
  readonly kind: "failed" | "doubt";
  readonly text: string;
}

/** The worst first. Failures are told apart: they have a part of their own. */
export function problemsOf({ ledger, targets, totals }: CampaignDocument): readonly Problem[] {
  const latest = targets.filter(({ isLatest }) => isLatest);
  const problems: Problem[] = latest
    .filter(({ mismatches }) => mismatches.length > 0)
    .map((target) => ({
      kind: "failed",
      text: `${targetName(target)}: ${counted(target.mismatches.length, "seed")} had another history when run again (first: ${target.mismatches[0]!}): something decides that is neither in the case nor in the hash of the code.`,
    }));
  const vacuous = latest.filter(({ runs, sometimes }) => runs > 0 && sometimes.some(({ hits }) => hits === 0));
  for (const target of vacuous) {
    const never = target.sometimes.filter(({ hits }) => hits === 0).map(({ name }) => name);
    problems.push({
      kind: "doubt",
      text: `${targetName(target)}: ${counted(never.length, "goal")} never reached in ${counted(target.runs, "run")}: ${never.join("; ")}`,
    });
  }
  if (totals.limitRuns > 0) {
    problems.push({
      kind: "doubt",
      text: `${counted(totals.limitRuns, "run")} (${percent(totals.limitRuns / totals.runs)}) came to a limit, so what must happen in the end was not judged in them.`,
    });
  }
  if (ledger.latestCode !== null && ledger.latestCode !== ledger.presentCode) {
    problems.push({
      kind: "doubt",
      text: `The code has changed since: the last sitting ran ${shortCode(ledger.latestCode)}, here it is ${shortCode(ledger.presentCode)}. A campaign of the present code begins anew.`,
    });
  }
  return problems;
}

/** Limits that were reached, as `stepsMax in 3 runs (1.5 %)`. */
export function limitsText({ limits, runs }: TargetPart): string {
  return limits
    .map((each) => `${each.limit} in ${counted(each.runs, "run")} (${percent(each.runs / runs)})`)
    .join(", ");
}
