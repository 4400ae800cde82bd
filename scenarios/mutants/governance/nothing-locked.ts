import type { Mutant } from "../mutant.ts";

/** The list of what was locked is empty, and an empty list is no error. */
export const nothingLocked: Mutant = {
  id: "F41",
  title: "an approval that cannot be recorded is a success all the same",
  scenario: "disk-full",
  expects: ["G3", "V1"],
  apply: (policies) => ({
    ...policies,
    approval: {
      ...policies.approval,
      async lock(request) {
        const locked = await policies.approval.lock(request);
        return locked.kind === "ok" ? locked : { kind: "ok", value: "nothing" };
      },
    },
  }),
};
