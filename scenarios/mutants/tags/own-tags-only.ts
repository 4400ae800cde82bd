import type { Mutant } from "../mutant.ts";

/** The board takes the whole list: what is not in it is taken away. */
export const ownTagsOnly: Mutant = {
  id: "F08b",
  title: "the tags of a card are replaced by those that the agent adds",
  scenario: "timeouts",
  expects: ["G3"],
  apply: (policies) => ({
    ...policies,
    tags: {
      async write({ board, projectId, card, add }) {
        const written = await board.setTaskTags(projectId, card, add);
        return written.kind === "ok" ? { kind: "ok", value: add } : written;
      },
    },
  }),
};
