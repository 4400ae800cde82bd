import type { Mutant } from "../mutant.ts";
import { tagsDecide } from "./tags-decide.ts";

/** Somebody saves a form that was loaded before the agent began, and what the agent did is done again. */
export const tagIsTheRecord: Mutant = {
  id: "F09",
  title: "a form that people save late takes the completed tag along, and the work is done again",
  scenario: "human-mis-click",
  expects: ["I1", "I4"],
  apply: (policies) => ({
    ...policies,
    ...tagsDecide(policies),
  }),
};
