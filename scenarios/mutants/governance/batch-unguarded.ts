import type { Mutant } from "../mutant.ts";

/** The guard was written for the card of one story. */
export const batchUnguarded: Mutant = {
  id: "F56",
  title: "the stories of an epic that are worked together are tested and committed unguarded",
  scenario: "coder-edits-tests",
  expects: ["G2", "G1"],
  apply: (policies) => ({
    ...policies,
    tests: {
      ...policies.tests,
      restore: (run, restore) => (run.batch === undefined ? policies.tests.restore(run, restore) : Promise.resolve([])),
    },
  }),
};
