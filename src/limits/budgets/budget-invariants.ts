import type { HistoryEvent } from "../../history/event.ts";
import type { Finding, Invariant } from "../../invariants/invariant.ts";
import { budgetFigure, budgetNames, budgetPrefix, budgetWords, type BudgetName, type Budgets } from "./budgets.ts";
import { BudgetGauges, type BudgetReading } from "./gauges.ts";

/**
 * An invariant for each budget that is set. One scenario's share what they read: the one whose judge starts first in a
 * run reads for all of them.
 */
export function budgetInvariants(budgets: Budgets): readonly Invariant[] {
  const shared = new SharedGauges(budgets);
  return budgetNames.flatMap((name) => {
    const limit = budgets[name];
    return limit === undefined ? [] : [budgetInvariant(name, limit, shared)];
  });
}

function budgetInvariant(budget: BudgetName, limit: number, shared: SharedGauges): Invariant {
  const { unit, per } = budgetWords[budget];
  return {
    id: `${budgetPrefix}${budget}`,
    rule: `No ${per} takes more than its budget of ${unit}.`,
    start(report) {
      let checked = 0;
      const { gauges, keeps } = shared.join(budget, ({ of, value }) => {
        checked++;
        if (value > limit) report(exceeded(budget, limit, of, value));
      });
      return {
        kinds: keeps ? allKinds : [],
        observe: (event) => gauges.observe(event),
        checked: () => checked,
      };
    },
  };
}

function exceeded(budget: BudgetName, limit: number, of: string, value: number): Finding {
  return {
    // Which attempt or look it was depends on the schedule.
    place: of.replace(/@\d+ tick \d+$/, " tick").replace(/ attempt \d+$/, ""),
    message: `${of} took ${budgetFigure(budget, value)}; the budget ${budget} is ${budgetFigure(budget, limit)}.`,
    expected: limit,
    actual: value,
  };
}

type OnReading = (reading: BudgetReading) => void;

/** Lets the judges of one run share one set of gauges. */
class SharedGauges {
  private readonly budgets: Budgets;
  private latest: RunGauges | undefined;

  constructor(budgets: Budgets) {
    this.budgets = budgets;
  }

  /** The judge of a budget joins the run that is about to begin. One that has joined already begins another run. */
  join(budget: BudgetName, onReading: OnReading): { readonly gauges: RunGauges; readonly keeps: boolean } {
    const isNew = this.latest === undefined || this.latest.begun || this.latest.listeners.has(budget);
    const gauges = isNew ? new RunGauges(this.budgets) : this.latest!;
    gauges.listeners.set(budget, onReading);
    this.latest = gauges;
    return { gauges, keeps: isNew };
  }
}

class RunGauges {
  readonly listeners = new Map<BudgetName, OnReading>();
  begun = false;
  private readonly gauges: BudgetGauges;

  constructor({ prices }: Budgets) {
    this.gauges = new BudgetGauges((reading) => this.listeners.get(reading.budget)?.(reading), prices);
  }

  observe(event: HistoryEvent): void {
    this.begun = true;
    this.gauges.observe(event);
  }
}

const allKinds: readonly HistoryEvent["kind"][] = ["process", "sent", "effect", "answered", "fault", "change", "note"];
