import type { Mutant } from "../mutant.ts";

/** A card is made in the first column, and the update that should move it has no such parameter. */
export const columnNotTaken: Mutant = {
  id: "F38",
  title: "the cards of stories stay in the first column",
  scenario: "lost-webhook",
  expects: ["V1", "I2"],
  apply: (policies) => ({ ...policies, spawn: { ...policies.spawn, childLane: 1 } }),
};
