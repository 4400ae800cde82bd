import type { Mutant } from "../mutant.ts";

/** The guard is in the way of the agents' own writes. A tool that renames another file over it does not ask. */
export const renamedOver: Mutant = {
  id: "F46",
  title: "an approved file is intact as long as there is a file of its name",
  scenario: "coder-edits-tests",
  expects: ["G1", "G2"],
  apply: (policies) => ({
    ...policies,
    ratchet: { ...policies.ratchet, isIntact: ({ content }) => content !== undefined },
  }),
};
