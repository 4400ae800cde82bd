import { smallEpic } from "../../scenarios/board-world/stories.ts";
import type { Workload } from "../../scenarios/board-world/workload.ts";
import { concurrentOrchestrators } from "../../scenarios/concurrent-orchestrators/scenario.ts";
import { emptyCase } from "../../src/explore/explorer.ts";
import type { HistoryEvent } from "../../src/history/event.ts";
import type { Case } from "../../src/sim/case.ts";
import type { Scenario } from "../../src/sim/scenario.ts";

export interface ReferenceRun {
  readonly scenario: Scenario;
  readonly case: Case;
}

/**
 * The run that throughput is measured by: every story of a 10-story epic through every lane, two pollers and a webhook
 * server, people answering the gates, a coder that needs a second try; no faults, first due first.
 */
export function referenceRun(): ReferenceRun {
  return runOf(10);
}

/** The same of three stories: for what is measured many times. */
export function smallRun(): ReferenceRun {
  return runOf(3);
}

function runOf(stories: number): ReferenceRun {
  const scenario = concurrentOrchestrators.build();
  const workload: Workload = {
    epics: [smallEpic(1, stories)],
    journey: "whole",
    pollers: 2,
    webhookServers: 1,
    pollIntervalMs: 20_000,
    mandatoryFields: false,
    coderNeedsTries: 2,
    slips: [],
  };
  return { scenario, case: emptyCase(scenario, 1, workload) };
}

/** How many operations of each kind, by what stands before the dot of the name: `board`, `disk`, `git`, … */
export function opMix(events: readonly HistoryEvent[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.kind !== "sent") continue;
    const [kind = ""] = event.op.name.split(".");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** Kinds that nobody outside the subject answers: a wait, and what the simulation does for itself. */
const innerKinds: ReadonlySet<string> = new Set(["clock", "world", "run"]);

/** @returns how many operations of a mix reach something outside the process that sent them */
export function externalOps(mix: Readonly<Record<string, number>>): number {
  return Object.entries(mix).reduce((sum, [kind, count]) => sum + (innerKinds.has(kind) ? 0 : count), 0);
}

/** @returns cards that reached the last lane */
export function cardsDone(events: readonly HistoryEvent[]): number {
  const done = new Set<number>();
  for (const event of events) {
    if (event.kind !== "change" || event.change.type !== "card.moved") continue;
    const { card, to } = event.change as unknown as { readonly card: number; readonly to: string };
    if (to.startsWith("11.")) done.add(card);
  }
  return done.size;
}
