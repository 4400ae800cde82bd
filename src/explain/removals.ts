import { describeForced } from "../report/forced-words.ts";
import { withoutOneItem } from "../shrink/reduce-json.ts";
import type { Case } from "../sim/case.ts";
import type { Scenario } from "../sim/scenario.ts";
import type { Element } from "./explanation.ts";

/** A case with one of its parts taken away. */
export interface Removal {
  /** The part, in words. */
  readonly text: string;
  readonly case: Case;
}

/** Without each fault, preemption and delay, in their order. */
export function withoutEachElement(input: Case): (Removal & { readonly kind: Element["kind"] })[] {
  const { faults, preemptions, delays } = input;
  const without = [
    ...faults.map((_, index) => ({ ...input, faults: faults.toSpliced(index, 1) })),
    ...preemptions.map((_, index) => ({ ...input, preemptions: preemptions.toSpliced(index, 1) })),
    ...delays.map((_, index) => ({ ...input, delays: delays.toSpliced(index, 1) })),
  ];
  return describeForced(input).map(({ kind, text }, index) => ({ kind, text, case: without[index]! }));
}

/** With one item less in a list of the workload, as far as the scenario takes that; the first of them. */
export function* withoutEachItem(input: Case, scenario: Scenario): Generator<Removal> {
  let tried = 0;
  for (const { value, path } of withoutOneItem(input.workload)) {
    if (tried === itemsMax) return;
    if (scenario.workloads.refuse(value) !== undefined) continue;
    tried++;
    yield { text: `${path} of the workload`, case: { ...input, workload: value } };
  }
}

/** What was never shrunk has hundreds. */
export const elementsMax = 40;
const itemsMax = 20;
