import type { Mutant } from "../mutant.ts";

/** Every attempt says the same again. */
export const commentFlood: Mutant = {
  id: "F66",
  title: "a comment is written without a look for the one that is there",
  scenario: "crash-anywhere",
  expects: ["C1"],
  apply: (policies) => ({ ...policies, comments: { mayExist: () => false } }),
};
