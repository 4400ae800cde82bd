import { openLease } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** A claim that is older than this process's first look is taken for one that a dead process left. */
export const busyIsAbandoned: Mutant = {
  id: "F05c",
  title: "a scope that somebody holds is taken over at once",
  scenario: "concurrent-orchestrators",
  expects: ["I4", "I1"],
  apply: (policies) => ({
    ...policies,
    claim: {
      async acquire(request) {
        const acquired = await policies.claim.acquire(request);
        return acquired.kind === "held" ? acquired : { kind: "held", lease: openLease(request.scope, request.ttlMs) };
      },
    },
  }),
};
