import type { Mutant } from "../mutant.ts";

/** Whoever began it may have died: the card says "started" for ever. */
export const runNeverTakenOver: Mutant = {
  id: "F05",
  title: "a run that was begun and cut off is left to its owner for ever",
  scenario: "timeouts",
  expects: ["V1"],
  apply: (policies) => ({ ...policies, recovery: { decide: () => "leave" } }),
};
