import { changedTags } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

/** The board replaces all tags at once: what others set since the run began is gone. */
export const tagsFromDispatch: Mutant = {
  id: "F08",
  title: "tags are written from what they were when the run began",
  scenario: "timeouts",
  expects: ["G3"],
  apply: (policies) => ({
    ...policies,
    tags: {
      async write(change) {
        const { atDispatch, board, card, projectId } = change;
        if (atDispatch === undefined) return policies.tags.write(change);
        const wanted = changedTags(atDispatch, change);
        if (wanted === undefined) return { kind: "ok", value: atDispatch };
        const written = await board.setTaskTags(projectId, card, wanted);
        return written.kind === "ok" ? { kind: "ok", value: wanted } : written;
      },
    },
  }),
};
