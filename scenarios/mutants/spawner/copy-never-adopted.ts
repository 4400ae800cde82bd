import type { Mutant } from "../mutant.ts";

/** A crash between the copy and its key leaves a card that no later attempt knows. */
export const copyNeverAdopted: Mutant = {
  id: "F23",
  title: "a copy that a cut-off fan-out left without a key is never found again",
  scenario: "partial-spawn",
  expects: ["I2", "I4"],
  apply: (policies) => ({
    ...policies,
    spawn: { ...policies.spawn, adoptCopies: () => Promise.resolve([]) },
  }),
};
