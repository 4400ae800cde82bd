import type { Mutant } from "../mutant.ts";

/** A planner that was asked for one thing too many fills the board. */
export const noCap: Mutant = {
  id: "F36",
  title: "an epic may have any number of stories",
  scenario: "partial-spawn",
  expects: ["I3"],
  apply: (policies) => ({ ...policies, limits: { ...policies.limits, childrenPerEpicMax: 1_000 } }),
};
