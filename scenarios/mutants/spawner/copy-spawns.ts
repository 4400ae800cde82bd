import type { Mutant } from "../mutant.ts";

/** Until it has its key, a copy is an epic in the lane where epics are spawned. */
export const copySpawns: Mutant = {
  id: "F34",
  title: "a copy that has no key yet is spawned like the epic that it is a copy of",
  scenario: "partial-spawn",
  expects: ["I2", "I3", "I4", "V1", "I1"],
  apply: (policies) => ({
    ...policies,
    admission: { checks: (trigger) => ({ ...policies.admission.checks(trigger), copy: false }) },
  }),
};
