import type { Mutant } from "../mutant.ts";

/** It gets rid of the refusal for what is locked already; and of the approval with it. */
export const openedByApproval: Mutant = {
  id: "F61b",
  title: "whoever locks a file opens it first, in case that it is locked",
  scenario: "crash-anywhere",
  expects: ["G1", "D1"],
  apply: (policies) => ({
    ...policies,
    approval: {
      ...policies.approval,
      async lock(request) {
        const { run, workspace, path } = request;
        const asked = { card: run.reference, cause: run.causeName, reason: "To be locked again." };
        const opened = await workspace.unlock(path, asked);
        return opened.kind === "ok" ? policies.approval.lock(request) : opened;
      },
    },
  }),
};
