import { openLease } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** It looks before it makes a card, and so does the other one. */
export const spawnerUnclaimed: Mutant = {
  id: "F25b",
  title: "the spawner looks for each story's card, but takes no lease",
  scenario: "concurrent-orchestrators",
  expects: ["I4", "I2", "I1"],
  apply: (policies) => ({
    ...policies,
    claim: {
      acquire(request) {
        if (request.program.lane !== 5) return policies.claim.acquire(request);
        return Promise.resolve({ kind: "held", lease: openLease(request.scope, request.ttlMs) });
      },
    },
  }),
};
