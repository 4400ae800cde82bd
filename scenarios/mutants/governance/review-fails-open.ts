import type { Mutant } from "../mutant.ts";

/** A check that could not be made is a warning, and warnings pass. */
export const reviewFailsOpen: Mutant = {
  id: "F60",
  title: "a review passes when something that it would judge is not there",
  scenario: "human-mis-click",
  expects: ["G3", "O1"],
  apply: (policies) => ({
    ...policies,
    review: { passes: ({ name, passed }) => passed || name !== "pytest" },
  }),
};
