import type { Mutant } from "../mutant.ts";

/** Where the epic has its field from the text of its description, the story has neither. */
export const childrenWithoutDirname: Mutant = {
  id: "F37",
  title: "the cards of stories do not say where their workspace is",
  scenario: "lost-webhook",
  expects: ["V1"],
  apply: (policies) => ({
    ...policies,
    spawn: { ...policies.spawn, fieldsOfChild: ({ dirname: _, ...fields }) => policies.spawn.fieldsOfChild(fields) },
  }),
};
