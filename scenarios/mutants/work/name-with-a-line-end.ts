import type { Mutant } from "../mutant.ts";

/** `$` matches before a line end: what is checked is not what is used. */
export const nameWithALineEnd: Mutant = {
  id: "F74",
  title: "a folder name passes with a line end behind it",
  scenario: "board-rejects",
  expects: ["G4"],
  apply: (policies) => ({
    ...policies,
    workspaces: { ...policies.workspaces, isDirname: (text) => /^[a-z0-9][a-z0-9-]*$/m.test(text) },
  }),
};
