import type { Mutant } from "../mutant.ts";

/** The lane is complete as soon as one story is. */
export const batchLeavesSome: Mutant = {
  id: "F93",
  title: "a batch that worked some of its stories is done",
  scenario: "malformed-cli-output",
  expects: ["O1", "G3"],
  apply: (policies) => ({ ...policies, batch: { isDone: () => true } }),
};
