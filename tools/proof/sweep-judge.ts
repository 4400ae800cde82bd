import { facts } from "../../scenarios/board-world/settings.ts";
import type { HistoryEvent } from "../../src/history/event.ts";
import { differencesOf, endStateOf, type Reading } from "../../src/invariants/end-state.ts";
import { exceedsBudget } from "../../src/invariants/fault-budget.ts";
import { signatureOf, type Outcome } from "../../src/sim/outcome.ts";
import type { ProvedTarget } from "./sweep-targets.ts";

/** How the end of a run was compared, and what is wrong with it. */
export interface Judgement {
  readonly reading: Reading | "none";
  readonly problem?: SweepProblem;
}

/** What is wrong with a run: it broke an invariant, or ended otherwise than the run without faults. */
export interface SweepProblem {
  readonly signature: string;
  readonly message: string;
}

/** @param passing the run without faults */
export function judgeEnd(target: ProvedTarget, passing: Outcome, outcome: Outcome): Judgement {
  const { verdict, history } = outcome;
  const faults = history.events.filter(isFault);
  const reading = target.readingOf(faults);
  if (verdict.kind !== "held") {
    const message = verdict.kind === "violated" ? verdict.violation.message : signatureOf(verdict);
    return { reading, problem: { signature: signatureOf(verdict), message } };
  }
  if (reading === "none") return { reading };
  const [expected, actual] = [passing, outcome].map((each) => endStateOf(facts, each.history.events, reading));
  const differences = differencesOf(expected!, actual!);
  const [first] = differences;
  // That a card shows the failure, with a reason, is what V1 has judged.
  if (first === undefined || exceedsBudget(facts, faults)) return { reading };
  return { reading, problem: { signature: `end state: ${placeOf(first)}`, message: differences.join("; ") } };
}

/** A difference without its values. */
function placeOf(difference: string): string {
  return difference.replace(/: (?:is|should not) .*$/s, "");
}

function isFault(event: HistoryEvent): event is HistoryEvent & { readonly kind: "fault" } {
  return event.kind === "fault";
}
