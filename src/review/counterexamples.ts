import { familyOf } from "../faults/fault.ts";
import { conditions } from "./degraded/conditions.ts";
import type { DegradedCondition, LostWork } from "./degraded/degraded-condition.ts";
import type { Counterexample, ReviewEvidence } from "./evidence.ts";

/** Wherever they come from: first those of the campaign, then of proofs, then kept ones that fail, then of bad conditions. */
export function counterexamplesOf(evidence: ReviewEvidence): Counterexample[] {
  const { scenarios, proofs, kept, degraded = [] } = evidence;
  return [
    ...scenarios.flatMap((scenario) => scenario.counterexamples),
    ...proofs.flatMap(({ counterexample }) => counterexample ?? []),
    ...kept.counterexamples,
    ...degraded.flatMap((condition) =>
      condition.lost
        .filter((lost) => isPromised(condition, lost, evidence))
        .map((lost) => counterexampleUnder(condition, lost, evidence)),
    ),
  ];
}

/** Whether a scenario says that its system bears what the condition does to it: it has faults of that family. */
export function isPromised(
  { condition }: DegradedCondition,
  { scenario }: LostWork,
  { scenarios }: ReviewEvidence,
): boolean {
  const known = conditions.find(({ name }) => name === condition);
  const families = scenarios.find(({ name }) => name === scenario)?.families ?? [];
  return known !== undefined && families.includes(familyOf[known.fault.kind]);
}

function counterexampleUnder(
  { condition, title }: DegradedCondition,
  { scenario, seed, invariant, message }: LostWork,
  { system }: ReviewEvidence,
): Counterexample {
  return {
    scenario,
    kind: "violated",
    invariant,
    signature: `${invariant}: ${condition}`,
    message,
    foundBy: `seed ${seed}, under one bad condition alone`,
    runs: 1,
    atEnd: false,
    faults: [title],
    preemptions: 0,
    delays: 0,
    reproFile: undefined,
    replayCommand: system.command,
  };
}
