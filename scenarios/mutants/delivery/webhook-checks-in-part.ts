import type { Mutant } from "../mutant.ts";

/** The lease keeps others away while it lasts; what they have done is on disk, where this process does not look. */
export const webhookSkipsRecord: Mutant = {
  id: "F03b",
  title: "a webhook takes the lease, but not the record of what others have done",
  scenario: "duplicate-webhooks",
  expects: ["I4", "I1"],
  apply: (policies) => ({
    ...policies,
    admission: {
      checks: (trigger) => ({ ...policies.admission.checks(trigger), record: trigger !== "webhook" }),
    },
  }),
};

/** The record says that the work was begun; whether somebody is at it, only the lease can say. */
export const webhookSkipsLease: Mutant = {
  id: "F03c",
  title: "a webhook looks at the record, but takes no lease",
  scenario: "duplicate-webhooks",
  expects: ["I4", "I1"],
  apply: (policies) => ({
    ...policies,
    admission: {
      checks: (trigger) => ({ ...policies.admission.checks(trigger), lease: trigger !== "webhook" }),
    },
  }),
};
