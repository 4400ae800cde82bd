import type { JsonValue } from "../../src/base/json.ts";
import type { Fault } from "../../src/faults/fault.ts";
import type { Outcome } from "../../src/sim/outcome.ts";
import { runCase } from "../../src/sim/run-case.ts";
import type { Scenario } from "../../src/sim/scenario.ts";

/** One run with exactly these faults, first due first. */
export function outcomeOf(scenario: Scenario, workload: JsonValue, faults: readonly Fault[] = []): Promise<Outcome> {
  return runCase(scenario, { scenario: scenario.name, drawSeed: 0, workload, faults, preemptions: [], delays: [] });
}

/** References of the cards that were made, in order. */
export function createdCards(outcome: Outcome): readonly string[] {
  return outcome.history.events.flatMap((event) =>
    event.kind === "change" && event.change.type === "card.created" ? [event.change["reference"] as string] : [],
  );
}

/** Tags that some card had at some time. */
export function tagsSeen(outcome: Outcome): ReadonlySet<string> {
  return new Set(
    outcome.history.events.flatMap((event) =>
      event.kind === "change" && event.change.type === "tags.set" ? (event.change["tags"] as readonly string[]) : [],
    ),
  );
}
