import type { Mutant } from "../mutant.ts";

/** The call exists, answers, and never finds anything; each attempt makes all cards anew. */
export const wrongLookUp: Mutant = {
  id: "F33",
  title: "the cards of an epic are looked up in a way that never finds one",
  scenario: "partial-spawn",
  expects: ["I2", "I4"],
  apply: (policies) => ({
    ...policies,
    spawn: {
      ...policies.spawn,
      existingChildren: () => Promise.resolve({ children: new Map(), copies: [], others: [], storiesEver: 0 }),
      judge: () => "complete",
    },
  }),
};
