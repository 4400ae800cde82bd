import type { Mutant } from "../mutant.ts";

/** Each story is right on its own branch; together they are one file with two contents. */
export const sharedSource: Mutant = {
  id: "F39",
  title: "all stories of an epic are one source file",
  scenario: "crash-anywhere",
  expects: ["O1", "V1"],
  apply: (policies) => ({
    ...policies,
    code: { ...policies.code, sourcePath: (_, epic) => `src/${epic.replace(/[^a-zA-Z0-9]/g, "_")}.py` },
  }),
};
