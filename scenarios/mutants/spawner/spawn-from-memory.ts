import { openLease, type FanOut } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** Two processes that come to the lane together both begin with an empty memory. */
export const spawnFromMemory: Mutant = {
  id: "F25",
  title: "the spawner takes no lease and knows only the cards that it made itself",
  scenario: "concurrent-orchestrators",
  expects: ["I4", "I2", "I1"],
  apply(policies) {
    const begun = new WeakSet<FanOut>();
    return {
      ...policies,
      claim: {
        acquire(request) {
          if (request.program.lane !== 5) return policies.claim.acquire(request);
          return Promise.resolve({ kind: "held", lease: openLease(request.scope, request.ttlMs) });
        },
      },
      spawn: {
        ...policies.spawn,
        existingChildren(fanOut) {
          if (begun.has(fanOut)) return policies.spawn.existingChildren(fanOut);
          begun.add(fanOut);
          return Promise.resolve({ children: new Map(), copies: [], others: [], storiesEver: 0 });
        },
      },
    };
  },
};
