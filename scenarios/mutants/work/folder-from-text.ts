import type { Mutant } from "../mutant.ts";

/** Whatever the description says of a folder is taken for the field, quoted or not, and for a path. */
export const folderFromText: Mutant = {
  id: "F75",
  title: "the workspace's folder is read from the card's text",
  scenario: "crash-anywhere",
  expects: ["G4", "V1"],
  apply: (policies) => ({
    ...policies,
    workspaces: {
      ...policies.workspaces,
      dirnameOf: (metadata, card) =>
        /dirname:\s*(\S+)/.exec(card.description)?.[1] ?? policies.workspaces.dirnameOf(metadata, card),
      isDirname: () => true,
    },
  }),
};
