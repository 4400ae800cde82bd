import type { Scenario } from "../../sim/scenario.ts";
import { budgetInvariants } from "./budget-invariants.ts";
import type { Budgets } from "./budgets.ts";

/** The same scenario, whose runs must also stay within budgets. What its runs do is the same. */
export function withBudgets(scenario: Scenario, budgets: Budgets | undefined): Scenario {
  if (budgets === undefined) return scenario;
  const further = budgetInvariants(budgets);
  return further.length === 0 ? scenario : { ...scenario, invariants: [...scenario.invariants, ...further] };
}
