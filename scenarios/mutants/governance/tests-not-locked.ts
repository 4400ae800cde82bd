import type { Mutant } from "../mutant.ts";

/** The comment says that they are. */
export const testsNotLocked: Mutant = {
  id: "F40b",
  title: "approved tests are said to be locked, and only the plan and the design are",
  scenario: "lost-webhook",
  expects: ["G3", "V1"],
  apply: (policies) => ({
    ...policies,
    approval: {
      ...policies.approval,
      lock(request) {
        if (!request.path.startsWith("tests/")) return policies.approval.lock(request);
        return Promise.resolve({ kind: "ok", value: request.basis });
      },
    },
  }),
};
