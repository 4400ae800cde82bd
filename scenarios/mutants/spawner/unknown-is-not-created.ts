import { RunStop } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** The card may be there although the answer was lost. */
export const unknownIsNotCreated: Mutant = {
  id: "F24",
  title: "a creation without a clear answer is repeated at once",
  scenario: "partial-spawn",
  expects: ["I2", "I4"],
  apply: (policies) => ({
    ...policies,
    spawn: {
      ...policies.spawn,
      async createChild(fanOut, story) {
        try {
          return await policies.spawn.createChild(fanOut, story);
        } catch (error) {
          if (!(error instanceof RunStop) || error.stop.kind !== "transient" || !error.stop.unknown) throw error;
          return policies.spawn.createChild(fanOut, story);
        }
      },
    },
  }),
};
