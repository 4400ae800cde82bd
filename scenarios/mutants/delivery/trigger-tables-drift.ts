import type { Mutant } from "../mutant.ts";

/** The table of agents stands in two places, and one of them was edited. */
export const triggerTablesDrift: Mutant = {
  id: "F15",
  title: "the webhook server's table of lanes knows no approval of tests",
  scenario: "lost-webhook",
  expects: ["G3"],
  apply: (policies) => ({
    ...policies,
    lanes: {
      programOf(lane, trigger) {
        const program = policies.lanes.programOf(lane, trigger);
        if (program === undefined || trigger !== "webhook" || lane !== 7) return program;
        return { ...program, agents: program.agents.filter((agent) => agent !== "governance") };
      },
    },
  }),
};
