import type { Mutant } from "../mutant.ts";

/** Two deliveries of one move: the first run fails, and the second is a request like any other. */
export const failedCauseRunsAgain: Mutant = {
  id: "F04",
  title: "a delivery that is repeated after a failure starts the work again",
  scenario: "duplicate-webhooks",
  expects: ["I1"],
  apply: (policies) => ({
    ...policies,
    admission: {
      checks: (trigger) => ({ ...policies.admission.checks(trigger), memory: trigger !== "webhook" }),
    },
    decision: {
      decide(facts, about) {
        const { record } = facts;
        if (about.trigger === "webhook" && record?.status === "failed") {
          return { kind: "run", attempt: record.attempts + 1 };
        }
        return policies.decision.decide(facts, about);
      },
    },
  }),
};
