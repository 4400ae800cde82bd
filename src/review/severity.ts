import { budgetPrefix } from "../limits/budgets/budgets.ts";
import type { Counterexample } from "./evidence.ts";
import { brokenRuleOf } from "./pass-bar/pass-bar-rules.ts";

/**
 * `P0`: approved work, tests, causes or stories are not safe, or a rule of the pass bar is broken. `P1`: another safety
 * rule is broken. `P2`: something that must happen does not, or a budget is exceeded. `P3`: nobody has looked.
 */
export type Severity = "P0" | "P1" | "P2" | "P3";

export const severities: readonly Severity[] = ["P0", "P1", "P2", "P3"];

const gravest: ReadonlySet<string> = new Set(["G1", "G2", "I1", "I2"]);

/** @param isBuiltIn the invariant is one of the core's own */
export function severityOf(counterexample: Counterexample, isBuiltIn: boolean): Severity {
  if (brokenRuleOf(counterexample, isBuiltIn) !== undefined) return "P0";
  const { kind, invariant, atEnd } = counterexample;
  if (kind !== "violated") return "P1";
  if (isBuiltIn && gravest.has(invariant)) return "P0";
  if (invariant.startsWith(budgetPrefix)) return "P2";
  const isLiveness = isBuiltIn ? invariant.startsWith("V") : atEnd;
  return isLiveness ? "P2" : "P1";
}
