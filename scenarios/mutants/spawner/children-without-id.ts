import type { Mutant } from "../mutant.ts";

/** Whoever comes for the card later takes it for one that is not finished yet. */
export const childrenWithoutId: Mutant = {
  id: "F37b",
  title: "the cards of stories do not say which story they are",
  scenario: "lost-webhook",
  expects: ["V1", "I2"],
  apply: (policies) => ({
    ...policies,
    spawn: { ...policies.spawn, fieldsOfChild: ({ atomic_id: _, ...fields }) => policies.spawn.fieldsOfChild(fields) },
  }),
};
