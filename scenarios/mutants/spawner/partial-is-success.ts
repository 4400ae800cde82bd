import { RunStop } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** One failed call costs one story, and the epic says that it is spawned. */
export const partialIsSuccess: Mutant = {
  id: "F22",
  title: "a fan-out that made some of its cards is a success",
  scenario: "partial-spawn",
  expects: ["I2", "I4"],
  apply: (policies) => ({
    ...policies,
    spawn: {
      ...policies.spawn,
      judge: () => "complete",
      async createChild(fanOut, story) {
        try {
          return await policies.spawn.createChild(fanOut, story);
        } catch (error) {
          if (error instanceof RunStop && error.stop.kind === "transient") return 0;
          throw error;
        }
      },
    },
  }),
};
