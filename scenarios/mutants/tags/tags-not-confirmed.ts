import { lanePrograms } from "../../../src/index.ts";
import type { Mutant } from "../mutant.ts";

const doneTags: ReadonlySet<string | undefined> = new Set(lanePrograms.map((program) => program?.completedTag));

/** The board takes the last writer's word, also when it comes late: from a call that nobody waits for any more. */
export const tagsNotConfirmed: Mutant = {
  id: "F08c",
  title: "the tags of a finished run are not looked at again when late writes have landed",
  scenario: "board-rejects",
  expects: ["V1"],
  apply: (policies) => ({
    ...policies,
    tags: {
      write(change) {
        // A run that ends well knows the tags that it began with; who confirms it does not.
        const confirms = change.add.some((tag) => doneTags.has(tag));
        if (change.atDispatch === undefined && confirms) {
          return Promise.resolve({ kind: "ok", value: change.add });
        }
        return policies.tags.write(change);
      },
    },
  }),
};
