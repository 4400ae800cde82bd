import type { Mutant } from "../mutant.ts";

/** People rename columns and put them in another order while the process runs. */
export const columnsReadOnce: Mutant = {
  id: "F21",
  title: "the columns of the board are what they were when the process started",
  scenario: "human-mis-click",
  expects: ["O1", "G3", "V1"],
  apply: (policies) => ({
    ...policies,
    limits: { ...policies.limits, columnsAgeMsMax: Infinity },
  }),
};
