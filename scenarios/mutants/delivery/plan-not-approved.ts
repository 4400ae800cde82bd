import type { Mutant } from "../mutant.ts";

/** Two tables, merged by hand: the spawner is there, the approval that it rests on is not. */
export const planNotApproved: Mutant = {
  id: "F15c",
  title: "a lane's agents are in the table without the one that locks what people approved",
  scenario: "partial-spawn",
  expects: ["V1", "G3"],
  apply: (policies) => ({
    ...policies,
    lanes: {
      programOf(lane, trigger) {
        const program = policies.lanes.programOf(lane, trigger);
        return program === undefined || lane !== 5 ? program : { ...program, agents: ["spawner"] };
      },
    },
  }),
};
