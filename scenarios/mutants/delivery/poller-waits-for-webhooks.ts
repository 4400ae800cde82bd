import type { Mutant } from "../mutant.ts";

/** The board announces a move once. What is not heard then is never heard. */
export const pollerWaitsForWebhooks: Mutant = {
  id: "F16",
  title: "only a webhook begins work; the poller goes on with what was begun",
  scenario: "lost-webhook",
  expects: ["V1"],
  apply: (policies) => ({
    ...policies,
    decision: {
      decide(facts, about) {
        if (about.trigger === "poller" && facts.record === undefined) {
          return { kind: "ignore", reason: "a webhook will come for it" };
        }
        return policies.decision.decide(facts, about);
      },
    },
  }),
};
