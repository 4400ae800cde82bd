import type { Mutant } from "../mutant.ts";

/** Whatever lies in the work tree at that moment is in the commit. */
export const commitsEverything: Mutant = {
  id: "F57",
  title: "a commit takes everything that is changed",
  scenario: "coder-edits-tests",
  expects: ["G2"],
  apply: (policies) => ({ ...policies, code: { ...policies.code, staged: () => ["--all"], mayCommit: () => true } }),
};
