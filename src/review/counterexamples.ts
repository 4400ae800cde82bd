import type { Counterexample, ReviewEvidence } from "./evidence.ts";

/** Wherever they come from: first those of the campaign, then of proofs, then kept ones that fail. */
export function counterexamplesOf({ scenarios, proofs, kept }: ReviewEvidence): Counterexample[] {
  return [
    ...scenarios.flatMap((scenario) => scenario.counterexamples),
    ...proofs.flatMap(({ counterexample }) => counterexample ?? []),
    ...kept.counterexamples,
  ];
}
