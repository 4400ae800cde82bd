import type { Mutant } from "../mutant.ts";

/** The card says that code was committed, whatever git said. */
export const commitNotNeeded: Mutant = {
  id: "F70",
  title: "git could not commit, and nobody looks",
  scenario: "malformed-cli-output",
  expects: ["O1"],
  apply: (policies) => ({ ...policies, code: { ...policies.code, needsCommit: false } }),
};
