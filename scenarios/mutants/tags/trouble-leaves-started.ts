import type { Mutant } from "../mutant.ts";

/** The error went past whoever would have taken the started tag away: to all others the run looks alive. */
export const troubleLeavesStarted: Mutant = {
  id: "F06",
  title: "an attempt that ended in trouble stands as begun for ever",
  scenario: "provider-outage",
  expects: ["V1", "I2"],
  apply: (policies) => ({
    ...policies,
    recovery: { decide: ({ intents }) => (intents["trouble"] === undefined ? "resume" : "leave") },
  }),
};
