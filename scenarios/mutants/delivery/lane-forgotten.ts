import type { Mutant } from "../mutant.ts";

/** A table that was copied before the lane got its agent. */
export const laneForgotten: Mutant = {
  id: "F15b",
  title: "no table knows the agent of the review lane",
  scenario: "lost-webhook",
  expects: ["V1"],
  apply: (policies) => ({
    ...policies,
    lanes: {
      programOf: (lane, trigger) => (lane === 9 ? undefined : policies.lanes.programOf(lane, trigger)),
    },
  }),
};
