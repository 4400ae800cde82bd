import type { Mutant } from "../mutant.ts";

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
        // A run that is at work says what it does; who confirms adds the tag of an end, and knows no tags before.
        const begins = change.add.some((tag) => tag.endsWith("-started") || tag === "locking");
        if (change.atDispatch === undefined && !begins && change.add.length > 0) {
          return Promise.resolve({ kind: "ok", value: change.add });
        }
        return policies.tags.write(change);
      },
    },
  }),
};
