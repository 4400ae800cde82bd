import { RunStop } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** The rule counts what went well, and what was there before. */
export const someIsAll: Mutant = {
  id: "F22b",
  title: "a fan-out ends at the first card that fails, and is a success if there is any card",
  scenario: "partial-spawn",
  expects: ["I2", "I4"],
  apply(policies) {
    const broken = new WeakSet<object>();
    return {
      ...policies,
      spawn: {
        ...policies.spawn,
        judge: ({ stories, missing }) => (missing.length < stories.length ? "complete" : "incomplete"),
        async createChild(fanOut, story) {
          if (broken.has(fanOut)) return 0;
          try {
            return await policies.spawn.createChild(fanOut, story);
          } catch (error) {
            if (!(error instanceof RunStop) || error.stop.kind !== "transient") throw error;
            broken.add(fanOut);
            return 0;
          }
        },
      },
    };
  },
};
