import type { Mutant } from "../mutant.ts";

/** What one server has seen, the other has not; what was seen before a restart is forgotten. */
export const webhookTrustsItself: Mutant = {
  id: "F03",
  title: "a webhook starts a run on the memory of its process alone",
  scenario: "duplicate-webhooks",
  expects: ["I4", "I1"],
  apply: (policies) => ({
    ...policies,
    admission: {
      checks: (trigger) =>
        trigger === "webhook"
          ? { lease: false, card: false, record: false, memory: true, copy: true }
          : policies.admission.checks(trigger),
    },
  }),
};
