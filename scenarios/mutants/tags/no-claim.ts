import { openLease } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** Each process does one card after the other and takes that for exclusion; it knows nothing of other processes. */
export const noClaim: Mutant = {
  id: "F02",
  title: "nothing excludes other processes",
  scenario: "concurrent-orchestrators",
  expects: ["I4", "I1"],
  apply: (policies) => ({
    ...policies,
    claim: { acquire: ({ scope, ttlMs }) => Promise.resolve({ kind: "held", lease: openLease(scope, ttlMs) }) },
  }),
};
