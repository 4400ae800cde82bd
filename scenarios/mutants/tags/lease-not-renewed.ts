import type { Mutant } from "../mutant.ts";

/** A run that takes longer than one term can never end: it is taken over, again and again. */
export const leaseNotRenewed: Mutant = {
  id: "F05b",
  title: "the lease of a run is never renewed",
  scenario: "timeouts",
  expects: ["V1", "C1"],
  apply: (policies) => ({
    ...policies,
    claim: {
      async acquire(request) {
        const acquired = await policies.claim.acquire(request);
        if (acquired.kind === "held") acquired.lease.keep = () => {};
        return acquired;
      },
    },
  }),
};
