import type { Mutant } from "../mutant.ts";

/** What is not in the commit is not looked at, whatever the tests were run with. */
export const unstagedTestEdit: Mutant = {
  id: "F53",
  title: "only what a commit would hold is checked, not the tests as they were run",
  scenario: "coder-edits-tests",
  expects: ["G2", "G1"],
  apply: (policies) => ({ ...policies, tests: { ...policies.tests, restore: () => Promise.resolve([]) } }),
};
