import type { Mutant } from "../mutant.ts";

/** A crash in the middle leaves half a file, which is approved and locked later. */
export const writtenInPlace: Mutant = {
  id: "F72",
  title: "artifacts are written in place",
  scenario: "crash-anywhere",
  expects: ["D1"],
  apply: (policies) => ({
    ...policies,
    workspaces: {
      ...policies.workspaces,
      writeFile: (files, { path, content, call }) => files.write(path, content, call),
    },
  }),
};
