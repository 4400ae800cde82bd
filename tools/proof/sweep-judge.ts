import { facts } from "../../scenarios/board-world/settings.ts";
import type { HistoryEvent } from "../../src/history/event.ts";
import { differencesOf, endStateOf, type EndState } from "../../src/invariants/end-state.ts";
import { exceedsBudget } from "../../src/invariants/fault-budget.ts";
import { signatureOf, type Outcome } from "../../src/sim/outcome.ts";
import type { ProvedTarget } from "./sweep-targets.ts";

/** What is wrong with a run, as its end: it broke an invariant, or ended otherwise than the run without faults. */
export interface SweepProblem {
  readonly signature: string;
  readonly message: string;
}

/** @param expected the end of the run without faults */
export function problemOf(target: ProvedTarget, expected: EndState, outcome: Outcome): SweepProblem | undefined {
  const { verdict, history } = outcome;
  if (verdict.kind !== "held") {
    const message = verdict.kind === "violated" ? verdict.violation.message : signatureOf(verdict);
    return { signature: signatureOf(verdict), message };
  }
  const differences = differencesOf(expected, endStateOf(facts, history.events, target.reading));
  const [first] = differences;
  // That a card shows the failure, with a reason, is what V1 has judged.
  if (first === undefined || exceedsBudget(facts, history.events.filter(isFault))) return undefined;
  return { signature: `end state: ${first.split(":").slice(0, 2).join(":")}`, message: differences.join("; ") };
}

function isFault(event: HistoryEvent): event is HistoryEvent & { readonly kind: "fault" } {
  return event.kind === "fault";
}
