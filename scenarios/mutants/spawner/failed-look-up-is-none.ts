import { RunStop } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** As the system that this row was seen in, it does not repeat calls either. */
export const failedLookUpIsNone: Mutant = {
  id: "F26",
  title: "when the cards of an epic cannot be listed, there are none",
  scenario: "partial-spawn",
  expects: ["I2", "I4"],
  apply: (policies) => ({
    ...policies,
    limits: { ...policies.limits, boardTriesMax: 1 },
    spawn: {
      ...policies.spawn,
      async existingChildren(fanOut) {
        try {
          return await policies.spawn.existingChildren(fanOut);
        } catch (error) {
          if (!(error instanceof RunStop) || error.stop.kind !== "transient") throw error;
          return { children: new Map(), copies: [], others: [], storiesEver: 0 };
        }
      },
    },
  }),
};
