import type { Mutant } from "../mutant.ts";

/** A second delivery of one move, or the next tick, is a request like any other. */
export const failedCauseRunsAgain: Mutant = {
  id: "F04",
  title: "a trigger that comes after a failure starts the work again",
  scenario: "partial-spawn",
  expects: ["I1"],
  apply: (policies) => ({
    ...policies,
    admission: { checks: (trigger) => ({ ...policies.admission.checks(trigger), memory: false }) },
    decision: {
      decide(facts, about) {
        const { record } = facts;
        if (record?.status === "failed") return { kind: "run", attempt: record.attempts + 1 };
        return policies.decision.decide(facts, about);
      },
    },
  }),
};
