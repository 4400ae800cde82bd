import type { HistoryEvent } from "../history/event.ts";
import { plain } from "../history/history.ts";
import { canonicalJson } from "../base/json.ts";
import type { Case } from "../sim/case.ts";
import type { Outcome } from "../sim/outcome.ts";
import type { Scenario } from "../sim/scenario.ts";
import { elementsMax, withoutEachElement, withoutEachItem, type Removal } from "./removals.ts";

export interface NearestHoldingOptions {
  readonly scenario: Scenario;
  readonly runCase: (scenario: Scenario, input: Case) => Outcome;
}

/** A run that holds, beside one that fails. */
export interface HoldingRun {
  /** What of the failing case is not in it, in words that follow "without". */
  readonly removed: string;
  readonly events: readonly HistoryEvent[];
}

/**
 * The run that holds, has one part less than a failing one, and begins like it for longest: without a fault, preemption or
 * delay, or else without an item of the workload. At most some forty runs. Call it from inside a macrotask.
 *
 * @param failing the events of the failing case
 */
export function nearestHolding(
  input: Case,
  failing: readonly HistoryEvent[],
  options: NearestHoldingOptions,
): HoldingRun | undefined {
  const forced = withoutEachElement(input).slice(0, elementsMax);
  return nearestOf(forced, failing, options) ?? nearestOf(withoutEachItem(input, options.scenario), failing, options);
}

function nearestOf(
  removals: Iterable<Removal>,
  failing: readonly HistoryEvent[],
  { scenario, runCase }: NearestHoldingOptions,
): HoldingRun | undefined {
  let nearest: (HoldingRun & { readonly shared: number }) | undefined;
  for (const { text, case: input } of removals) {
    const { verdict, history } = runCase(scenario, input);
    if (verdict.kind !== "held") continue;
    const shared = sharedLength(failing, history.events);
    if (shared < failing.length * sameShareMin) continue;
    if (nearest === undefined || shared > nearest.shared) nearest = { removed: text, events: history.events, shared };
  }
  return nearest;
}

function sharedLength(left: readonly HistoryEvent[], right: readonly HistoryEvent[]): number {
  const differs = left.findIndex((event, index) => index >= right.length || lineOf(event) !== lineOf(right[index]!));
  return differs === -1 ? left.length : differs;
}

function lineOf(event: HistoryEvent): string {
  return canonicalJson(plain(event));
}

/** What has nothing to do holds as well, and is no neighbour. */
export const sameShareMin = 0.05;
