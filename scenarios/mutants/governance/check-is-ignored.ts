import type { Mutant } from "../mutant.ts";

/** The hash is compared, and the answer dropped. */
export const checkIsIgnored: Mutant = {
  id: "F54",
  title: "that the tests were changed while they were run is found, and the result counts all the same",
  scenario: "coder-edits-tests",
  expects: ["G2"],
  apply: (policies) => ({ ...policies, tests: { ...policies.tests, counts: () => true } }),
};
