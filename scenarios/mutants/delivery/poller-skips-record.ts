import type { Mutant } from "../mutant.ts";

/** What it began it knows; what another process did, or it itself before its restart, it does again. */
export const pollerSkipsRecord: Mutant = {
  id: "F02b",
  title: "a poller goes by its own memory and not by the record on disk",
  scenario: "concurrent-orchestrators",
  expects: ["I1", "I4"],
  apply: (policies) => ({
    ...policies,
    admission: {
      checks: (trigger) => ({ ...policies.admission.checks(trigger), record: trigger !== "poller" }),
    },
  }),
};
