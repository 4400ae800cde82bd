import type { Mutant } from "../mutant.ts";

/** Whoever was paused for longer than its lease goes on where it was, beside the one that took over. */
export const leaseNotChecked: Mutant = {
  id: "F02b",
  title: "a lease is taken once and not looked at again before anything is written",
  scenario: "timeouts",
  expects: ["I4", "I1", "G1", "V1", "D1", "C1"],
  apply: (policies) => ({
    ...policies,
    claim: {
      async acquire(request) {
        const acquired = await policies.claim.acquire(request);
        if (acquired.kind === "busy") return acquired;
        const { lease } = acquired;
        const trusting = {
          scope: lease.scope,
          generation: lease.generation,
          ttlMs: lease.ttlMs,
          takeover: lease.takeover,
          signal: new AbortController().signal,
          require: () => {},
          keep: lease.keep.bind(lease),
          release: lease.release.bind(lease),
        };
        return { kind: "held", lease: trusting };
      },
    },
  }),
};
